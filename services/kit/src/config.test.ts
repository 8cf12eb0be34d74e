import { expect, test } from "bun:test";
import { readConfig, secret, text } from "./config.ts";

const read = (value: string, more: Record<string, string> = {}) =>
  readConfig({ KEY: value, ...more }, { KEY: secret({ min: 16 }) }).KEY;

test.each([
  "a".repeat(32),
  "ab".repeat(16),
  "abcdefgh".repeat(4),
  "0000000000000001",
  "abcabcabcabcabcabc",
  "aaaaaaaabbbbbbbbccccccccdddddddd",
])("a secret that repeats itself is rejected, without its value: %s", (value) => {
  expect(() => read(value)).toThrow("KEY is too weak: it repeats itself");
});

test("a secret made by a common tool is accepted", () => {
  for (let count = 0; count < 500; count++) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    for (const value of [bytes.toHex(), bytes.toBase64(), crypto.randomUUID(), bytes.toHex().slice(0, 16)])
      expect(read(value)).toBe(value);
  }
});

test("a value of compose.yaml is rejected unless compose says that this is a laptop", () => {
  const shown = "laptop-only-app-api-token";
  const sentence = "KEY holds a value that compose.yaml makes public; set one of your own.";
  expect(() => read(shown)).toThrow(sentence);
  expect(() => read(shown, { LAPTOP_ONLY: "no" })).toThrow(sentence);
  expect(read(shown, { LAPTOP_ONLY: "yes" })).toBe(shown);
  const url = "postgres://carillon_api:laptop-only@postgres:5432/carillon";
  expect(() => readConfig({ KEY: url }, { KEY: text() })).toThrow(sentence);
});
