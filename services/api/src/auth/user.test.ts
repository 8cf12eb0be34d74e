import { expect, test } from "bun:test";
import { emailKeyOf } from "./user.ts";

test.each([
  ["Ada@Example.COM", "ada@example.com"],
  ["jose\u0301@example.com", "jos\u00e9@example.com"],
  ["JOSE\u0301@example.com", "jos\u00e9@example.com"],
  ["\u212aelvin@example.com", "kelvin@example.com"],
])("%s is the same address as %s", (one, other) => {
  expect(emailKeyOf(one)).toBe(other);
  expect(emailKeyOf(other)).toBe(other);
});

test.each(["a\0@example.com", "\ud800@example.com", "a\u202e@example.com", "@", `${"a".repeat(255)}@b`])(
  "%j is not an address",
  (email) => {
    expect(emailKeyOf(email)).toBeNull();
  },
);
