import type { Compiled } from "./compile.ts";
import type { Bound } from "./grammar.ts";
import type { Text, Token } from "./text.ts";

/** A text being read in a language; what a group found at a place is remembered. */
export type Reading = {
  text: Text;
  language: Compiled;
  known: (readonly Found[])[][];
  /** Everything a group of the language can be from a token on. */
  group: (reading: Reading, name: string, at: number) => readonly Found[];
};

/** A match from a token on: the token after it and the slots' values. */
export type Found = { next: number; put: Partial<Bound> };

/** Reads one thing from a token on, in every way it can. */
export type Slot = (reading: Reading, at: number) => readonly Found[];

export const tokenAt = ({ text }: Reading, at: number): Token | undefined => text.tokens[at];

export const isGlued = (reading: Reading, at: number): boolean =>
  at > 0 && tokenAt(reading, at - 1)?.end === tokenAt(reading, at)?.start;
