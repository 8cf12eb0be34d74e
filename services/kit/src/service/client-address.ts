import { BlockList, isIP } from "node:net";
import type { Log } from "../observe/log.ts";
import { contextOf } from "./request-context.ts";

/**
 * Where a request came from: `address` of the client, `peer` at the other end of the socket; null
 * where unknown.
 */
export type Client = { address: string | null; peer: string | null };

type Hops = {
  /** The socket's other end; null inside the process. */
  peer: string | null;
  /** The `X-Forwarded-For` header. */
  forwarded: string | null;
  /** Proxies whose entries in `X-Forwarded-For` are trusted. */
  trusted: BlockList;
};

/**
 * The client behind a request: the nearest address that is not a trusted proxy. Every client can write
 * `X-Forwarded-For`, so it is read from its end, and each entry counts only if the hop that added
 * it is trusted.
 */
export function clientOf({ peer, forwarded, trusted }: Hops): Client {
  const nearest = peer === null ? null : plainAddress(peer);
  let address = nearest;
  for (const entry of entriesOf(forwarded).reverse()) {
    if (address === null || !isTrusted(trusted, address)) break;
    const named = entryAddress(entry);
    if (named === null) break;
    address = named;
  }
  return { address, peer: nearest };
}

/** The proxies of processes that have already logged an ignored header. */
const toldOf = new WeakSet<BlockList>();

/**
 * The client behind a request that came through a service's door. The first ignored header is logged,
 * because it may be a proxy's.
 */
export function clientOfRequest(request: Request, { trusted, log }: { trusted: BlockList; log: Log }): Client {
  const peer = contextOf(request).peer();
  const forwarded = request.headers.get("x-forwarded-for");
  const client = clientOf({ peer, forwarded, trusted });
  const isIgnored = forwarded !== null && client.peer !== null && !isTrusted(trusted, client.peer);
  if (isIgnored && !toldOf.has(trusted)) {
    toldOf.add(trusted);
    log.warn("X-Forwarded-For is ignored; name the proxy in TRUSTED_PROXIES if it is yours", { peer: client.peer });
  }
  return client;
}

/**
 * The header by which `web` tells `api` about a client: its address, then the peer's if it differs.
 */
export function forwardedFor({ address, peer }: Client): string | null {
  if (address === null) return null;
  return peer === null || peer === address ? address : `${address}, ${peer}`;
}

/** The client that `forwardedFor` encoded; unknown for any other content. */
export function toldClient(forwarded: string | null): Client {
  const [address = null, peer = address, ...others] = entriesOf(forwarded).map(entryAddress);
  return address === null || peer === null || others.length > 0 ? { address: null, peer: null } : { address, peer };
}

/** The unit a client counts as: its IPv4 address, or its IPv6 /64, which belongs to one holder. */
export function clientBucket(address: string | null): string {
  if (address === null) return "unknown";
  return isIP(address) === 6 ? `${groupsOf(address).slice(0, 4).join(":")}::/64` : address;
}

/**
 * All these networks as one list, or the first text that is neither an address nor a network such as
 * `10.0.0.0/8`.
 */
export function parseNetworks(texts: readonly string[]): { networks: BlockList } | { wrong: string } {
  const networks = new BlockList();
  for (const text of texts) {
    const [, net = "", length] = /^([^/]+?)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
    const family = isIP(net);
    const most = family === 6 ? 128 : 32;
    const prefix = length === undefined ? most : Number(length);
    if (family === 0 || prefix > most) return { wrong: text };
    networks.addSubnet(net, prefix, familyOf(family));
  }
  return { networks };
}

const entriesOf = (forwarded: string | null): string[] =>
  (forwarded ?? "")
    .split(",")
    .map((entry) => entry.trim())
    .filter(Boolean);

/** Some proxies add the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
const entryAddress = (entry: string): string | null =>
  plainAddress(/^\[([^\]]*)\](?::\d{1,5})?$/.exec(entry)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(entry)?.[1] ?? entry);

/**
 * Without the zone (`fe80::1%eth0`), IPv4-mapped IPv6 as IPv4, IPv6 in its short spelling (RFC 5952);
 * null for anything else.
 */
function plainAddress(text: string): string | null {
  const bare = text.replace(/%.*$/, "");
  const family = isIP(bare);
  if (family === 0) return null;
  if (family === 4) return bare;
  const groups = groupsOf(bare);
  if (groups.slice(0, 6).join(":") !== "0:0:0:0:0:ffff") return hostOf(bare);
  const bytes = groups.slice(6).flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
  return bytes.join(".");
}

const hostOf = (address: string): string => new URL(`http://[${address}]`).hostname.slice(1, -1);

/** All eight groups of an IPv6 address. */
function groupsOf(address: string): string[] {
  const [head = "", tail] = hostOf(address).split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail ? tail.split(":") : [];
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array<string>(zeros).fill("0"), ...right];
}

const isTrusted = (trusted: BlockList, address: string): boolean => trusted.check(address, familyOf(isIP(address)));

const familyOf = (family: number): "ipv4" | "ipv6" => (family === 6 ? "ipv6" : "ipv4");
