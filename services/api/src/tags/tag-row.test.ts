import { expect, test } from "bun:test";
import { colorFor, nameKeyOf } from "./tag-row.ts";

test.each([
  ["Work", "WORK"],
  ["Ärger", "a\u0308RGER"],
  ["ΣΊΣΥΦΟΣ", "σίσυφος"],
  ["日本", "日本"],
  ["Home", " home "],
  ["two  words", "Two\u00a0words"],
])("%s and %s are one name", (one, other) => {
  expect(nameKeyOf(one)).toBe(nameKeyOf(other));
});

test.each([
  ["two words", "twowords"],
  ["a", "á"],
  ["I", "İ"],
  ["ss", "ß"],
])("%j and %j are two names", (one, other) => {
  expect(nameKeyOf(one)).not.toBe(nameKeyOf(other));
});

test("a tag without a chosen colour gets one, the same for every spelling of its name", () => {
  for (const name of ["work", "日本", "👍", "a b"]) {
    expect(colorFor(name)).toMatch(/^#[0-9a-f]{6}$/);
    expect(colorFor(name.toUpperCase())).toBe(colorFor(name));
  }
});
