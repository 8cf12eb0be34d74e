import { expect, test } from "bun:test";
import { BlockList } from "node:net";
import { reachOf } from "./admitted-address.ts";

const nothing = new BlockList();
const family = new BlockList();
family.addSubnet("192.168.1.0", 24, "ipv4");
family.addSubnet("fd12::", 16, "ipv6");
family.addSubnet("169.254.0.0", 16, "ipv4");

test.each(["8.8.8.8", "100.63.255.255", "172.32.0.1", "192.167.255.255", "2606:4700::1111", "2a00:1450::5"])(
  "%s is on the public Internet",
  (address) => expect(reachOf(address, nothing)).toBe("public"),
);

test.each([
  "127.0.0.1",
  "127.9.9.9",
  "0.0.0.0",
  "10.1.2.3",
  "100.64.0.1",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.7",
  "169.254.169.254",
  "192.0.0.192",
  "198.18.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "fe80::1",
  "fe80::1%eth0",
  "fc00::1",
  "fd00:ec2::254",
  "ff02::1",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "0:0:0:0:0:ffff:10.0.0.1",
  "::127.0.0.1",
  "64:ff9b::a00:1",
  "2002:7f00:1::",
  "2001:db8::1",
  "2001:0:7f00::1",
  "localhost",
  "",
])("%s is not", (address) => expect(reachOf(address, nothing)).toBe("refused"));

test("an operator admits a network of the house, and never the place where clouds keep their credentials", () => {
  expect(reachOf("192.168.1.7", family)).toBe("admitted");
  expect(reachOf("::ffff:192.168.1.7", family)).toBe("admitted");
  expect(reachOf("fd12::7", family)).toBe("admitted");
  expect(reachOf("192.168.2.7", family)).toBe("refused");
  expect(reachOf("169.254.169.254", family)).toBe("refused");
  expect(reachOf("::ffff:169.254.169.254", family)).toBe("refused");
});
