import type { Compiled, Rest, Row, Rows } from "./compile.ts";
import { blank } from "./grammar.ts";
import type { Place } from "./meaning/meaning.ts";
import { type Found, isGlued, lookTo, type Reading, tokenAt } from "./reading.ts";
import { slots } from "./slots.ts";
import type { Text, Token } from "./text.ts";

/** A reading of a text, with nothing found yet. */
export const startReading = (text: Text, language: Compiled): Reading => ({
  text,
  language,
  known: [],
  reach: 0,
  group: readGroup,
});

/** Everything the slot or group of that name can be from this token on. */
function readSlot(reading: Reading, name: string, at: number): readonly Found[] {
  if (name.endsWith("2")) return readSlot(reading, name.slice(0, -1), at).map(second);
  const slot = slots[name];
  return slot === undefined ? readGroup(reading, name, at) : slot(reading, at);
}

/** The same for an element of a pattern; what it found there is remembered. */
function readElement(reading: Reading, slot: string, id: number, at: number): readonly Found[] {
  let known = reading.known[at];
  if (known === undefined) {
    known = [];
    reading.known[at] = known;
  }
  const before = known[id];
  if (before !== undefined) {
    lookTo(reading, before.reach);
    return before.found;
  }
  const { reach } = reading;
  reading.reach = 0;
  const found = readSlot(reading, slot, at);
  known[id] = { found, reach: reading.reach };
  lookTo(reading, reach);
  return found;
}

/** The same slot a second time in one pattern: its values go under other names. */
function second({ next, put }: Found): Found {
  const { n, time, day, span } = put;
  return {
    next,
    put: {
      ...(n === undefined ? {} : { n2: n }),
      ...(time === undefined ? {} : { time2: time }),
      ...(day === undefined ? {} : { day2: day }),
      ...(span === undefined ? {} : { span2: span }),
    },
  };
}

function readGroup(reading: Reading, name: string, at: number): readonly Found[] {
  const rows = reading.language.groups.get(name);
  if (rows === undefined) return nothing;
  const found: Found[] = [];
  for (const row of rowsAt(rows, tokenAt(reading, at))) {
    for (const { next, made, place } of matches(reading, row, at))
      found.push({ next, put: place === "anywhere" ? made : { place, ...made } });
  }
  return found;
}

const nothing: readonly never[] = [];

export function rowsAt<Made>({ byWord, numbers }: Rows<Made>, token: Token | undefined): readonly Row<Made>[] {
  if (token === undefined || token.kind === "opaque") return [];
  return token.kind === "number" ? numbers : (byWord.get(token.word) ?? []);
}

/** What a row makes of the tokens up to `next`, and where that has to stand. */
export type Match<Made> = { next: number; made: Made; place: Place };

/** Every way in which a row fits from this token on. */
export function matches<Made>(reading: Reading, row: Row<Made>, at: number): readonly Match<Made>[] {
  if (!canFit(reading, row, at)) return nothing;
  const found: Found[] = [];
  walk(reading, row, 0, { next: at, put: {} }, found);
  const made: Match<Made>[] = [];
  for (const { next, put } of found) {
    const value = next === at ? null : row.make({ ...blank, ...put });
    if (value !== null) made.push({ next, made: value, place: row.place ?? put.place ?? "anywhere" });
  }
  return made;
}

/** Most rows fail at their second word: whether this one's first is here with what may follow it. */
function canFit<Made>(reading: Reading, { elements, rest }: Row<Made>, at: number): boolean {
  const [first] = elements;
  if (first === undefined || first.optional) return true;
  if (first.slot === null) return goesOn(rest[1], tokenAt(reading, at + 1));
  for (const { next } of readElement(reading, first.slot, first.id, at))
    if (goesOn(rest[1], tokenAt(reading, next))) return true;
  return false;
}

function goesOn(rest: Rest | undefined, token: Token | undefined): boolean {
  if (rest === undefined || rest.ends) return true;
  if (token === undefined) return false;
  return token.kind === "number" ? rest.number : rest.words.has(token.word);
}

function walk<Made>(reading: Reading, row: Row<Made>, index: number, so: Found, done: Found[]): void {
  const { elements, rest } = row;
  const element = elements[index];
  if (element === undefined) {
    done.push(so);
    return;
  }
  const behind = rest[index + 1];
  if (!element.glued || isGlued(reading, so.next)) {
    if (element.slot !== null) {
      for (const { next, put } of readElement(reading, element.slot, element.id, so.next)) {
        if (goesOn(behind, tokenAt(reading, next)))
          walk(reading, row, index + 1, { next, put: { ...so.put, ...put } }, done);
      }
    } else {
      const token = tokenAt(reading, so.next);
      const isWord = token !== undefined && token.kind !== "opaque" && element.words?.has(token.word);
      if (isWord && goesOn(behind, tokenAt(reading, so.next + 1))) {
        walk(reading, row, index + 1, { next: so.next + 1, put: so.put }, done);
      }
    }
  }
  if (element.optional) walk(reading, row, index + 1, so, done);
}
