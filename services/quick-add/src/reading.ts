import type { Compiled } from "./compile.ts";
import type { Bound } from "./grammar.ts";
import type { Text, Token } from "./text.ts";

/** A text being read in a language; what a group found at a place is remembered, and how far it looked. */
export type Reading = {
  text: Text;
  language: Compiled;
  known: { found: readonly Found[]; reach: number }[][];
  /** The code point up to which anything was looked at since this was last set; what follows had no say. */
  reach: number;
  /** Everything a group of the language can be from a token on. */
  group: (reading: Reading, name: string, at: number) => readonly Found[];
};

/** A match from a token on: the token after it and the slots' values. */
export type Found = { next: number; put: Partial<Bound> };

/** Reads one thing from a token on, in every way it can. */
export type Slot = (reading: Reading, at: number) => readonly Found[];

export function tokenAt(reading: Reading, at: number): Token | undefined {
  const token = reading.text.tokens[at];
  lookTo(reading, token?.end ?? Number.POSITIVE_INFINITY);
  return token;
}

export function lookTo(reading: Reading, end: number): void {
  if (end > reading.reach) reading.reach = end;
}

export const isGlued = (reading: Reading, at: number): boolean =>
  at > 0 && tokenAt(reading, at - 1)?.end === tokenAt(reading, at)?.start;
