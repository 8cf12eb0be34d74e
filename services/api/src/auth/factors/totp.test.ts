import { expect, test } from "bun:test";
import { Secret, TOTP } from "otpauth";
import { newTotpSecret, stepOf, totpUri } from "./totp.ts";

/** RFC 6238 appendix B, SHA-1: its codes have eight digits, of which an app's six are the last. */
const vectors = [
  [59, "94287082"],
  [1_111_111_109, "07081804"],
  [1_111_111_111, "14050471"],
  [1_234_567_890, "89005924"],
  [2_000_000_000, "69279037"],
  [20_000_000_000, "65353130"],
] as const;
const secret = new Secret({ buffer: new TextEncoder().encode("12345678901234567890").buffer }).base32;

test("the codes of RFC 6238 are right at their instants, and belong to their time steps", () => {
  for (const [seconds, code] of vectors)
    expect([code, stepOf(secret, code.slice(2), new Date(seconds * 1_000))]).toEqual([code, Math.floor(seconds / 30)]);
});

test("a clock may be off by one step either way, and no further", () => {
  const at = 1_111_111_111;
  const step = Math.floor(at / 30);
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at * 1_000 });
  const found = [-60, -30, 0, 30, 60].map((off) => stepOf(secret, code, new Date((at + off) * 1_000)));
  expect(found).toEqual([null, step, step, step, null]);
});

test("what is not six digits is no code", () => {
  for (const text of ["", "28708", "2870822", " 287082", "28708a", "94287082", "２８７０８２"])
    expect(stepOf(secret, text, new Date(59_000))).toBeNull();
});

test("a new secret has 160 bits, differs each time, and its link names product and account", () => {
  const [one, other] = [newTotpSecret(), newTotpSecret()];
  expect(one).toMatch(/^[A-Z2-7]{32}$/);
  expect(one).not.toBe(other);
  const link = new URL(totpUri(one, "ada+x@example.com"));
  expect(decodeURIComponent(link.pathname)).toBe("/Carillon:ada+x@example.com");
  expect(Object.fromEntries(link.searchParams)).toEqual({
    issuer: "Carillon",
    secret: one,
    algorithm: "SHA1",
    digits: "6",
    period: "30",
  });
});
