import { foldWord, spellingsOf } from "./fold.ts";
import type { Bound, GroupRow, Language, Words } from "./grammar.ts";
import type { Meaning, Place } from "./meaning/meaning.ts";

/** A slot has a number as well, under which its findings are remembered; "2" at a slot's end names it a second time. */
export type Element = {
  words: ReadonlySet<string> | null;
  slot: string | null;
  id: number;
  optional: boolean;
  glued: boolean;
};
export type Row<Made> = {
  elements: readonly Element[];
  /** What the rest of the pattern can begin with from each element on, and behind the last. */
  rest: readonly Rest[];
  make: (bound: Bound) => Made | null;
  place: Place | null;
};

/** `ends`: nothing more is needed. */
export type Rest = Beginning & { ends: boolean };

/** Rows by the word they can begin with; `numbers` can begin with digits. */
export type Rows<Made> = { byWord: ReadonlyMap<string, readonly Row<Made>[]>; numbers: readonly Row<Made>[] };

const mapNames = [
  "numbers",
  "articles",
  "ordinals",
  "weekdays",
  "weekdayHabits",
  "dayParts",
  "months",
  "units",
  "spans",
  "parts",
] as const;
type MapName = (typeof mapNames)[number];

export type Compiled = {
  words: { [Name in MapName]: ReadonlyMap<string, Words[Name][string]> };
  and: ReadonlySet<string>;
  to: ReadonlySet<string>;
  grammar: ReadonlySet<string>;
  counted: ReadonlySet<string>;
  placeOfWeekday: Words["placeOfWeekday"];
  names: ReadonlySet<string>;
  titles: ReadonlySet<string>;
  ordinalEnd: RegExp;
  groups: ReadonlyMap<string, Rows<Partial<Bound>>>;
  phrases: Rows<Meaning>;
};

export function compile({ words, groups, phrases }: Language): Compiled {
  const { and, to, grammar, counted, names, titles, ordinalEnd, placeOfWeekday } = words;
  const spelledMaps = Object.fromEntries(mapNames.map((name) => [name, spelled<unknown>(words[name])]));
  // Sound: every map keeps its name and its values, only its keys are spelled in each way.
  const maps = spelledMaps as unknown as Compiled["words"];
  const rests = restsIn(beginnings(maps, groups));
  return {
    words: maps,
    and: setOf(and),
    to: setOf(to),
    grammar: setOf(grammar),
    counted: setOf(counted),
    names: new Set(names.split(", ").map((name) => name.split(" ").map(foldWord).join(" "))),
    titles: setOf(titles),
    ordinalEnd,
    placeOfWeekday,
    groups: new Map(Object.entries(groups).map(([name, rows]) => [name, rowsOf<Partial<Bound>>(rows, rests)])),
    phrases: rowsOf<Meaning>(phrases, rests),
  };
}

/** A key may hold several words with blanks between them; each stands for the value, in every way it is spelled. */
const spelled = <Value>(map: Record<string, Value>): Map<string, Value> =>
  new Map(
    Object.entries(map).flatMap(([keys, value]) =>
      keys.split(" ").flatMap((key) => spellingsOf(key).map((word): [string, Value] => [word, value])),
    ),
  );

const setOf = (words: string): Set<string> => new Set(words.split(" ").filter(Boolean).flatMap(spellingsOf));

/** What a slot can begin with. */
type Beginning = { words: ReadonlySet<string>; number: boolean };

/** Which tables the slots read that are no groups; all others read digits only. */
const tablesOf: Record<string, readonly MapName[]> = {
  n: ["numbers", "articles"],
  ord: ["ordinals", "numbers"],
  ords: ["ordinals", "numbers"],
  hour: ["numbers"],
  weekday: ["weekdays"],
  bareWeekday: ["weekdays"],
  weekdays: ["weekdays", "weekdayHabits"],
  weekdayRange: ["weekdays", "weekdayHabits"],
  weekdaySlashes: ["weekdays"],
  habits: ["weekdayHabits"],
  month: ["months"],
  unit: ["units"],
  span: ["spans"],
  part: ["parts"],
  dayPart: ["dayParts"],
};
const noDigits = [
  "weekday",
  "bareWeekday",
  "weekdays",
  "weekdayRange",
  "weekdaySlashes",
  "habits",
  "month",
  "unit",
  "span",
  "part",
  "dayPart",
];

/** Slots that are lists of a group. */
const listsOf: Record<string, string> = { places: "place", befores: "offset" };

function beginnings(maps: Compiled["words"], groups: Record<string, readonly GroupRow[]>): (slot: string) => Beginning {
  const known = new Map<string, Beginning>();
  const of = (slot: string): Beginning => {
    const name = slot.endsWith("2") ? slot.slice(0, -1) : (listsOf[slot] ?? slot);
    const before = known.get(name);
    if (before !== undefined) return before;
    const rows = groups[name];
    const words = new Set<string>(
      rows === undefined ? tablesOf[name]?.flatMap((table) => [...maps[table].keys()]) : [],
    );
    let number = rows === undefined && !noDigits.includes(name);
    for (const [pattern] of rows ?? []) {
      const first = beginningOf(pattern.split(" ").map(elementOf), of);
      for (const word of first.words) words.add(word);
      number ||= first.number;
    }
    const found = { words, number };
    known.set(name, found);
    return found;
  };
  return of;
}

function beginningOf(elements: readonly Element[], of: (slot: string) => Beginning): Beginning {
  const [first] = elements;
  if (first !== undefined && first.slot !== null && !first.optional) return of(first.slot);
  const words = new Set<string>();
  let number = false;
  for (const { words: alternatives, slot, optional } of elements) {
    const first = slot === null ? { words: alternatives ?? new Set<string>(), number: false } : of(slot);
    for (const word of first.words) words.add(word);
    number ||= first.number || [...first.words].some((word) => /^\d/.test(word));
    if (!optional) break;
  }
  return { words, number };
}

function rowsOf<Made>(
  rows: readonly (readonly [string, (bound: Bound) => Made | null, Place?])[],
  rests: (pattern: string) => Rest[],
): Rows<Made> {
  const byWord = new Map<string, Row<Made>[]>();
  const numbers: Row<Made>[] = [];
  for (const [pattern, make, place = null] of rows) {
    const elements = pattern.split(" ").map(elementOf);
    const rest = rests(pattern);
    const row = { elements, rest, make, place };
    if (rest[0]?.number) numbers.push(row);
    for (const word of rest[0]?.words ?? []) byWord.set(word, [...(byWord.get(word) ?? []), row]);
  }
  return { byWord, numbers };
}

/** Rests of the same words are one: the patterns of a language end alike. */
function restsIn(begins: (slot: string) => Beginning): (pattern: string) => Rest[] {
  const known = new Map<string, Rest>();
  return (pattern) => {
    const sources = pattern.split(" ");
    return [...sources, ""].map((_, index) => {
      const rest = sources.slice(index);
      const key = rest.join(" ");
      const elements = rest.map(elementOf);
      const found = known.get(key) ?? {
        ...beginningOf(elements, begins),
        ends: elements.every(({ optional }) => optional),
      };
      known.set(key, found);
      return found;
    });
  };
}

const slotIds = new Map<string, number>();

function idOf(slot: string): number {
  const id = slotIds.get(slot) ?? slotIds.size;
  slotIds.set(slot, id);
  return id;
}

function elementOf(source: string): Element {
  const optional = source.length > 1 && source.endsWith("?");
  const glued = source.length > 1 && source.startsWith("~");
  const body = source.slice(glued ? 1 : 0, optional ? -1 : undefined);
  const slot = /^\{(\w+)\}$/.exec(body)?.[1] ?? null;
  const words = slot === null ? new Set(body.split("|").flatMap(spellingsOf)) : null;
  return { words, slot, id: slot === null ? -1 : idOf(slot), optional, glued };
}
