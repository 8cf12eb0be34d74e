import { expect, test } from "bun:test";
import { addressKey, mailAddress } from "./email.ts";

test.each([
  ["ada@example.com", "ada@example.com"],
  ["  ada@example.com\t", "ada@example.com"],
  ["Ada.Lovelace+bells@Example.COM", "Ada.Lovelace+bells@example.com"],
  ["!#$%&'*+-/=?^_`{|}~@example.com", "!#$%&'*+-/=?^_`{|}~@example.com"],
  ["ada@localhost", "ada@localhost"],
  ["ada@3com.com", "ada@3com.com"],
  ["ada@münchen.example", "ada@xn--mnchen-3ya.example"],
  ["ada@MÜNCHEN.example", "ada@xn--mnchen-3ya.example"],
  ["ada@xn--mnchen-3ya.example", "ada@xn--mnchen-3ya.example"],
  ["ada@日本語。jp", "ada@xn--wgv71a119e.jp"],
  ["josé@example.com", "josé@example.com"],
  [`${"a".repeat(64)}@example.com`, `${"a".repeat(64)}@example.com`],
])("%j is mailed to %s", (text, address) => {
  expect(mailAddress(text)).toBe(address);
});

test.each([
  "",
  "@",
  "ada",
  "ada@",
  "@example.com",
  "<a@b>",
  "a<b@c>",
  "<ada@example.com>",
  '"x"@y.example',
  "a b@example.com",
  "a(b)@example.com",
  "a,b@example.com",
  "a;b@example.com",
  "a:b@example.com",
  "a@b@example.com",
  "a\\@example.com",
  ".a@example.com",
  "a.@example.com",
  "a..b@example.com",
  "ada@.example.com",
  "ada@example..com",
  "ada@example.com.",
  "ada@-example.com",
  "ada@exa_mple.com",
  "ada@exa mple.com",
  "ada@[127.0.0.1]",
  "ada@127.0.0.1",
  "ada@127.1",
  "ada@１２７.1",
  "ada@example.com\r\nBcc: eve@example.com",
  "a\0@example.com",
  "\ud800@example.com",
  "a\u202e@example.com",
  "a\u200b@example.com",
  "a\u3164@example.com",
  "a\u00a0b@example.com",
  `${"a".repeat(65)}@example.com`,
  `${"é".repeat(33)}@example.com`,
  `a@${"b".repeat(64)}.example`,
  `a@${"b.".repeat(125)}example`,
])("%j is not an address", (text) => {
  expect(mailAddress(text)).toBeNull();
});

test.each([
  ["Ada@Example.COM", "ada@example.com"],
  [" ada@example.com ", "ada@example.com"],
  ["jose\u0301@example.com", "jos\u00e9@example.com"],
  ["JOSE\u0301@example.com", "jos\u00e9@example.com"],
  ["\u212aelvin@example.com", "kelvin@example.com"],
  ["ada@XN--MNCHEN-3YA.example", "ada@münchen.example"],
  ["ada@MÜNCHEN.example", "ada@münchen.example"],
])("%j and %j are one account", (one, other) => {
  expect(addressKey(one)).toBe(other);
  expect(addressKey(other)).toBe(other);
});
