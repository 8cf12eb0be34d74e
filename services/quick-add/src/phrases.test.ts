import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { read, summary } from "./testing/phrases.ts";

/** `phrase => meaning`, one a line, as `summary` writes it. */
const lines = (file: string): [phrase: string, meaning: string][] =>
  readFileSync(join(import.meta.dir, "testing", file), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const at = line.lastIndexOf(" => ");
      return [line.slice(0, at), line.slice(at + 4)];
    });

describe("our own English phrases", () => {
  test.each(lines("english.txt"))("%s", (phrase, meaning) => expect(summary(read(phrase, "en"))).toBe(meaning));
});

describe("our own German phrases", () => {
  test.each(lines("german.txt"))("%s", (phrase, meaning) => expect(summary(read(phrase, "de"))).toBe(meaning));
});
