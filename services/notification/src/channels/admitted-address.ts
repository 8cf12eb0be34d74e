import { BlockList, isIPv4, isIPv6 } from "node:net";

/** Networks that are no part of the public Internet (IANA's special-purpose registries). */
const inside = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];
/** Of IPv6 only global unicast is public; these parts of it are not, or hold an IPv4 address. */
const insideGlobal = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];
/** No receiver, whatever an operator admits: link-local addresses, where clouds keep their credentials. */
const never = [
  "0.0.0.0/8",
  "169.254.0.0/16",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "fe80::/10",
  "ff00::/8",
  "fd00:ec2::254/128",
  "::/128",
];

const listOf = (networks: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits = ""] = network.split("/");
    list.addSubnet(address, Number(bits), isIPv4(address) ? "ipv4" : "ipv6");
  }
  return list;
};

const insideList = listOf(inside);
const insideGlobalList = listOf(insideGlobal);
const globalList = listOf(["2000::/3"]);
const neverList = listOf(never);

/** The network that an address belongs to, for the decision whether a message may go there. */
export type Reach = "public" | "admitted" | "refused";

/** Whether messages may go to an address: the public Internet, and the networks that the operator admits. */
export function reachOf(given: string, admitted: BlockList): Reach {
  const address = plain(given);
  if (address === null || holds(neverList, address)) return "refused";
  if (holds(admitted, address)) return "admitted";
  if (isIPv4(address)) return holds(insideList, address) ? "refused" : "public";
  return holds(globalList, address) && !holds(insideGlobalList, address) ? "public" : "refused";
}

const holds = (list: BlockList, address: string): boolean => list.check(address, isIPv4(address) ? "ipv4" : "ipv6");

/** An IPv4 address inside an IPv6 one counts as itself, in every spelling; null for what is no address. */
function plain(given: string): string | null {
  const address = given.replace(/^\[|\]$/g, "").split("%")[0] ?? "";
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return null;
  const written = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(written);
  if (!mapped) return written;
  const [high, low] = [Number.parseInt(mapped[1] ?? "", 16), Number.parseInt(mapped[2] ?? "", 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}
