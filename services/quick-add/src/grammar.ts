import type { Day } from "./meaning/day.ts";
import type { Meaning, Place, SpanUnit } from "./meaning/meaning.ts";
import type { Rule } from "./meaning/rule.ts";
import type { Time } from "./meaning/time.ts";
import type { PartOfDay } from "./reference.ts";

export type Unit = { unit: SpanUnit; times: number };

/** What the slots of a pattern hold once it fits. A pattern's maker reads only the slots that its pattern names. */
export type Bound = {
  n: number;
  n2: number;
  ord: number;
  ords: readonly number[];
  /** Places counted from either end of a month: 1 to 5, -1 for the last. */
  places: readonly number[];
  weekday: number;
  weekdays: readonly number[];
  month: number;
  year: number | undefined;
  unit: Unit;
  /** Milliseconds of an hour or a minute. */
  span: number;
  span2: number;
  part: PartOfDay;
  time: Time;
  time2: Time;
  day: Day;
  day2: Day;
  /** Milliseconds of "2 hours and 15 minutes". */
  elapsed: number;
  befores: readonly string[];
  /** Days before the due date. */
  back: number;
  rule: Rule;
  parts: Partial<Rule>;
  completion: boolean;
  place: Place;
};

export const blank: Bound = {
  n: 0,
  n2: 0,
  ord: 0,
  ords: [],
  places: [],
  weekday: 0,
  weekdays: [],
  month: 0,
  year: undefined,
  unit: { unit: "day", times: 1 },
  span: 0,
  span2: 0,
  part: "morning",
  time: { minutes: null, open: false, part: null, until: null },
  time2: { minutes: null, open: false, part: null, until: null },
  day: { days: () => [] },
  day2: { days: () => [] },
  elapsed: 0,
  befores: [],
  back: 0,
  rule: {
    frequency: "DAILY",
    interval: 1,
    byMonth: [],
    byMonthDay: [],
    byDay: [],
    bySetPos: [],
    fromCompletion: false,
    time: null,
    note: null,
    others: [],
  },
  parts: {},
  completion: false,
  place: "anywhere",
};

/**
 * `[pattern, maker, place]`. A pattern is words with blanks between them: `a|b` is either, `a?` may be missing, `{slot}` is a slot or group,
 * `~a` follows without a blank. A maker that returns null rejects the match.
 */
export type GroupRow = readonly [pattern: string, make: (bound: Bound) => Partial<Bound> | null];
export type PhraseRow = readonly [pattern: string, make: (bound: Bound) => Meaning | null, place?: Place];

/** The words that slots read: each list says "word word: value" by its keys. */
export type Words = {
  numbers: Record<string, number>;
  /** Words that count things but name no hour: "a", "couple". */
  articles: Record<string, number>;
  ordinals: Record<string, number>;
  weekdays: Record<string, number>;
  /** "mondays", "montags". */
  weekdayHabits: Record<string, number>;
  /** "Montagmorgen". */
  dayParts: Record<string, { weekday: number; part: PartOfDay }>;
  months: Record<string, number>;
  units: Record<string, Unit>;
  spans: Record<string, number>;
  parts: Record<string, PartOfDay>;
  /** Where a weekday's name that is also something else has to stand; null: it is none here. */
  placeOfWeekday: (word: string, isCapital: boolean, isBeforeNumber: boolean) => Place | null;
  /** What stands between the items of a list, and from where to where. */
  and: string;
  to: string;
  /** Words of grammar: what follows a word that could be part of a name shows that it is none. */
  grammar: string;
  /** What numbers count, so that "am 2. Spieltag" is no day of the month. */
  counted: string;
  /** Names that hold a word of time, as two words: "black friday"; what stands behind one of `titles` is a name as well. */
  names: string;
  titles: string;
  /** Endings of a numeral, glued to its digits: "1st", "1.". */
  ordinalEnd: RegExp;
};

export type Language = {
  words: Words;
  groups: Record<string, readonly GroupRow[]>;
  phrases: readonly PhraseRow[];
};
