import { describe, expect, test } from "bun:test";
import { clientOf } from "./client-address.ts";

const stranger = (peer: string | null, forwarded: string | null = null) =>
  clientOf({ peer, forwarded, isNeighbour: false });

describe("the client behind a request", () => {
  test("is the socket's peer, whatever the peer writes about itself", () => {
    expect(stranger("203.0.113.7")).toEqual({ address: "203.0.113.7", proxy: null });
    expect(stranger("203.0.113.7", "198.51.100.1")).toEqual({ address: "203.0.113.7", proxy: null });
    expect(stranger("10.0.0.3")).toEqual({ address: "10.0.0.3", proxy: null });
  });

  test.each([
    "10.0.0.3",
    "172.31.255.1",
    "192.168.1.1",
    "127.0.0.1",
    "::1",
    "fd12::1",
    "fe80::1%eth0",
    "::ffff:10.0.0.3",
  ])("is the last one a proxy at the private address %s names, and the proxy is known", (peer) => {
    const client = stranger(peer, "evil, 198.51.100.1, 203.0.113.7");
    expect(client.address).toBe("203.0.113.7");
    expect(client.proxy).not.toBeNull();
  });

  test.each(["172.32.0.1", "11.0.0.1", "2001:db8::1", "::ffff:8.8.8.8"])("is nobody %s names: it is public", (peer) => {
    expect(stranger(peer, "203.0.113.7")).toEqual({ ...stranger(peer), proxy: null });
  });

  test("is what our own web says, or unknown", () => {
    const viaWeb = (forwarded: string | null) => clientOf({ peer: null, forwarded, isNeighbour: true });
    expect(viaWeb("203.0.113.7")).toEqual({ address: "203.0.113.7", proxy: null });
    for (const forwarded of [null, "", "nonsense", "203.0.113.7, x"]) expect(viaWeb(forwarded).address).toBe("unknown");
    expect(stranger(null, "203.0.113.7")).toEqual({ address: "unknown", proxy: null });
  });

  test.each([
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:DB8:1:2::1", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["[2001:db8:1:2::1]:4711", "2001:db8:1:2::/64"],
    ["203.0.113.7:4711", "203.0.113.7"],
  ])("%s counts as %s", (address, bucket) => {
    expect(clientOf({ peer: null, forwarded: address, isNeighbour: true }).address).toBe(bucket);
  });
});
