import type { Compiled, Element, Row, Rows } from "./compile.ts";
import { blank } from "./grammar.ts";
import type { Place } from "./meaning/meaning.ts";
import { type Found, isGlued, type Reading, tokenAt } from "./reading.ts";
import { slots } from "./slots.ts";
import type { Text, Token } from "./text.ts";

/** A reading of a text, with nothing found yet. */
export const startReading = (text: Text, language: Compiled): Reading => ({
  text,
  language,
  known: [],
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
  if (before !== undefined) return before;
  const found = readSlot(reading, slot, at);
  known[id] = found;
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

function readGroup(reading: Reading, name: string, at: number): Found[] {
  const rows = reading.language.groups.get(name);
  if (rows === undefined) return [];
  return rowsAt(rows, tokenAt(reading, at)).flatMap((row) =>
    matches(reading, row, at).map(({ next, made, place }) => ({
      next,
      put: place === "anywhere" ? made : { place, ...made },
    })),
  );
}

export function rowsAt<Made>({ byWord, numbers }: Rows<Made>, token: Token | undefined): readonly Row<Made>[] {
  if (token === undefined || token.kind === "opaque") return [];
  return token.kind === "number" ? numbers : (byWord.get(token.word) ?? []);
}

/** What a row makes of the tokens up to `next`, and where that has to stand. */
export type Match<Made> = { next: number; made: Made; place: Place };

/** Every way in which a row fits from this token on. */
export function matches<Made>(reading: Reading, row: Row<Made>, at: number): Match<Made>[] {
  const made: Match<Made>[] = [];
  walk(reading, row.elements, 0, { next: at, put: {} }, (found) => {
    if (found.next === at) return;
    const value = row.make({ ...blank, ...found.put });
    if (value === null) return;
    made.push({ next: found.next, made: value, place: row.place ?? found.put.place ?? "anywhere" });
  });
  return made;
}

function walk(
  reading: Reading,
  elements: readonly Element[],
  index: number,
  so: Found,
  done: (found: Found) => void,
): void {
  const element = elements[index];
  if (element === undefined) {
    done(so);
    return;
  }
  if (!element.glued || isGlued(reading, so.next)) {
    if (element.slot !== null) {
      for (const { next, put } of readElement(reading, element.slot, element.id, so.next)) {
        walk(reading, elements, index + 1, { next, put: { ...so.put, ...put } }, done);
      }
    } else {
      const token = tokenAt(reading, so.next);
      if (token !== undefined && token.kind !== "opaque" && element.words?.has(token.word)) {
        walk(reading, elements, index + 1, { next: so.next + 1, put: so.put }, done);
      }
    }
  }
  if (element.optional) walk(reading, elements, index + 1, so, done);
}
