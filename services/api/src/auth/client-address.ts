import { BlockList, isIP } from "node:net";

/** Whom a request without an account is counted for, and the proxy that says so (null: nobody stands in between). */
export type Client = { address: string; proxy: string | null };

type Heard = {
  /** The socket's other end; null inside the process. */
  peer: string | null;
  /** The `X-Forwarded-For` header. */
  forwarded: string | null;
  /** The request carries the app token: it is our own web, which says the truth about the browser. */
  isNeighbour: boolean;
};

/**
 * The client behind a request. Anybody can write `X-Forwarded-For`, so only its last entry counts, the one that the nearest proxy
 * added, and only from a neighbour or from a private address, where proxies live. A program in the same private network can still
 * forge it; that is why callers also limit the `proxy`, only more widely.
 */
export function clientOf({ peer, forwarded, isNeighbour }: Heard): Client {
  const named = lastAddress(forwarded);
  if (isNeighbour) return { address: named === null ? "unknown" : bucketOf(named), proxy: null };
  if (peer === null) return { address: "unknown", proxy: null };
  if (named !== null && isPrivate(peer)) return { address: bucketOf(named), proxy: bucketOf(peer) };
  return { address: bucketOf(peer), proxy: null };
}

function lastAddress(forwarded: string | null): string | null {
  const last = forwarded?.split(",").at(-1)?.trim() ?? "";
  // Some proxies add the port: 192.0.2.1:4711 or [2001:db8::1]:4711.
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(last)?.[1] ?? (/^([\d.]+):\d+$/.exec(last)?.[1] || last);
  return isIP(bare) === 0 ? null : bare;
}

/** One person holds a whole /64 of IPv6: those addresses count as one. */
function bucketOf(address: string): string {
  const plain = plainAddress(address);
  if (isIP(plain) !== 6) return plain;
  const [head = "", tail] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail ? tail.split(":") : [];
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  return `${[...left, ...Array<string>(zeros).fill("0"), ...right].slice(0, 4).join(":")}::/64`;
}

/** Without the zone (`fe80::1%eth0`), and IPv4 in IPv6's clothes (`::ffff:10.0.0.1`) as IPv4. */
const plainAddress = (address: string): string =>
  address.replace(/%.*$/, "").replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");

const privateNets = new BlockList();
for (const [net, bits] of [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["100.64.0.0", 10],
] as const) {
  privateNets.addSubnet(net, bits, "ipv4");
}
privateNets.addAddress("::1", "ipv6");
privateNets.addSubnet("fc00::", 7, "ipv6");
privateNets.addSubnet("fe80::", 10, "ipv6");

function isPrivate(address: string): boolean {
  const plain = plainAddress(address);
  const family = isIP(plain);
  return family !== 0 && privateNets.check(plain, family === 6 ? "ipv6" : "ipv4");
}
