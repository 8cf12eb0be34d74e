import { describe, expect, test } from "bun:test";
import type { BlockList } from "node:net";
import { clientBucket, clientOf, forwardedFor, parseNetworks, toldClient } from "./client-address.ts";

const networks = (...texts: string[]): BlockList => {
  const parsed = parseNetworks(texts);
  if ("wrong" in parsed) throw new Error(parsed.wrong);
  return parsed.networks;
};

const trusted = networks("10.0.0.0/8", "192.0.2.9", "fd00::/8");
const client = (peer: string | null, forwarded: string | null, proxies = trusted) =>
  clientOf({ peer, forwarded, trusted: proxies }).address;

describe("the client behind a request", () => {
  const none = networks();
  test.each(["203.0.113.7", "10.0.0.3", "127.0.0.1", "192.168.1.1", "::1"])(
    "is the peer %s where no proxy is trusted, whatever its headers say, private networks included",
    (peer) => {
      expect(client(peer, "198.51.100.1", none)).toBe(peer);
    },
  );

  test.each([
    ["an untrusted peer's header is ignored", "203.0.113.7", "198.51.100.1", "203.0.113.7"],
    ["a trusted proxy names it", "10.0.0.3", "198.51.100.1", "198.51.100.1"],
    ["earlier entries are written by the client itself", "10.0.0.3", "1.2.3.4, 198.51.100.1", "198.51.100.1"],
    ["two trusted proxies in a row", "10.0.0.3", "1.2.3.4, 198.51.100.1, 192.0.2.9", "198.51.100.1"],
    [
      "an unknown hop between trusted proxies ends the chain",
      "10.0.0.3",
      "1.2.3.4, 10.0.0.9, 198.51.100.1",
      "198.51.100.1",
    ],
    ["an entry with a port", "10.0.0.3", "192.0.2.1:4711", "192.0.2.1"],
    ["an IPv6 entry with a port", "10.0.0.3", "[2001:db8::1]:4711", "2001:db8::1"],
    ["an IPv6 entry in brackets", "10.0.0.3", "[2001:db8::1]", "2001:db8::1"],
    ["a bare IPv6 entry in another spelling", "10.0.0.3", "2001:DB8:0::1", "2001:db8::1"],
    ["an IPv4-mapped peer", "::ffff:10.0.0.3", "198.51.100.1", "198.51.100.1"],
    ["an IPv4-mapped peer in hexadecimal", "::ffff:a00:3", "198.51.100.1", "198.51.100.1"],
    ["an IPv4-mapped entry", "10.0.0.3", "::ffff:198.51.100.1", "198.51.100.1"],
    ["an IPv6 proxy with its zone", "fd00::1%eth0", "198.51.100.1", "198.51.100.1"],
    ["blanks and empty entries", "10.0.0.3", " , 198.51.100.1 ,, ", "198.51.100.1"],
    ["no header", "10.0.0.3", null, "10.0.0.3"],
    ["an entry that is not an address ends the chain", "10.0.0.3", "198.51.100.1, unknown", "10.0.0.3"],
    ["nonsense ends the chain at the last good hop", "10.0.0.3", "300.1.1.1, 10.0.0.9", "10.0.0.9"],
    ["every hop is trusted", "10.0.0.3", "10.0.0.1, 10.0.0.2", "10.0.0.1"],
    ["no socket", null, "198.51.100.1", null],
  ])("%s", (_name, peer, forwarded, address) => {
    expect(client(peer, forwarded)).toBe(address);
  });
});

test.each([
  [{ address: "198.51.100.1", peer: "10.0.0.3" }, "198.51.100.1, 10.0.0.3"],
  [{ address: "198.51.100.1", peer: "198.51.100.1" }, "198.51.100.1"],
  [{ address: "2001:db8::1", peer: "::1" }, "2001:db8::1, ::1"],
])("web tells api of %j as %s, and api reads the same", (told, header) => {
  expect(forwardedFor(told)).toBe(header);
  expect(toldClient(header)).toEqual(told);
});

test.each([null, "", "nonsense", "203.0.113.7, x", "1.1.1.1, 2.2.2.2, 3.3.3.3"])(
  "a neighbour that sends %j named no client",
  (header) => {
    expect(toldClient(header)).toEqual({ address: null, peer: null });
  },
);

test("web without a socket sends nothing", () => {
  expect(forwardedFor({ address: null, peer: null })).toBeNull();
});

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8:1:2::1", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  [null, "unknown"],
])("%s counts as %s", (address, bucket) => {
  expect(clientBucket(address)).toBe(bucket);
});

test.each(["10.0.0.0/33", "fd00::/129", "10.0.0", "example.com", "10.0.0.0/", "/8", "10.0.0.0/8/8", "10.0.0.0/-1", ""])(
  "%j is not a network",
  (text) => {
    expect(parseNetworks(["127.0.0.1", text])).toEqual({ wrong: text });
  },
);
