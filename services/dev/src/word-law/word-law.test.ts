import { expect, test } from "bun:test";
import { findWords } from "./find-words.ts";

const found = (text: string): string[] => findWords(text).map(({ line, word }) => `${line} ${word}`);

test("a listed word is found with its line, in any case", () => {
  expect(found("// fine\n// Nobody waits here\nthen it starts anew")).toEqual(["2 Nobody", "3 anew"]);
});

test("a word that only contains a listed one is not found", () => {
  expect(found("const designs = renewal; // an assignment, the history, foreverything")).toEqual([]);
});

test("users sign in and out, and everything else has characters", () => {
  expect(found("a user signs in, signs out and signs up")).toEqual([]);
  expect(found("at most 72 signs")).toEqual(["1 signs"]);
});

test("every finding says what to write instead", () => {
  for (const { say } of findWords("somebody has begun, so many are told")) expect(say).not.toBe("");
  expect(findWords("somebody has begun, so many are told")).toHaveLength(4);
});
