import type { Bound } from "./grammar.ts";
import { isDayOfMonth } from "./meaning/day.ts";
import { digits, numberSlots, shape } from "./number-slots.ts";
import { type Found, isGlued, type Reading, type Slot, tokenAt } from "./reading.ts";

const none: readonly Found[] = [];

/** One word of a table. */
const oneOf =
  <Name extends keyof Bound>(mapOf: (reading: Reading) => ReadonlyMap<string, Bound[Name]>, name: Name): Slot =>
  (reading, at) => {
    const token = tokenAt(reading, at);
    const value = token?.kind === "word" ? mapOf(reading).get(token.word) : undefined;
    return value === undefined ? none : [{ next: at + 1, put: put(name, value) }];
  };

function put<Name extends keyof Bound>(name: Name, value: Bound[Name]): Partial<Bound> {
  const made: Partial<Bound> = {};
  made[name] = value;
  return made;
}

const number: Slot = (reading, at) => {
  const plain = digits(reading, at, 4);
  if (plain !== null) {
    const decimal = shape(reading, at, /\d{1,3}[.,]5(?![\d.,])/y);
    const half = decimal === null ? [] : [{ next: decimal.next, put: { n: plain + 0.5 } }];
    return plain === 0 ? none : [...half, { next: at + 1, put: { n: plain } }];
  }
  const { numbers, articles } = reading.language.words;
  const counted = articles.get(tokenAt(reading, at)?.word ?? "");
  if (counted !== undefined) return [{ next: at + 1, put: { n: counted } }];
  return numeral(reading, at, numbers).map(({ next, value }) => ({ next, put: { n: value } }));
};

/** A number word; tens may have their unit behind them ("twenty-one", "thirty first"). */
function numeral(reading: Reading, at: number, last: ReadonlyMap<string, number>): { next: number; value: number }[] {
  const token = tokenAt(reading, at);
  if (token?.kind !== "word") return [];
  const found: { next: number; value: number }[] = [];
  const whole = last.get(token.word);
  if (whole !== undefined) found.push({ next: at + 1, value: whole });
  const tens = reading.language.words.numbers.get(token.word);
  if (tens === undefined || tens < 20 || tens % 10 !== 0) return found;
  const behind = tokenAt(reading, at + 1)?.word === "-" ? at + 2 : at + 1;
  const ones = last.get(tokenAt(reading, behind)?.word ?? "");
  if (ones !== undefined && ones >= 1 && ones <= 9) found.unshift({ next: behind + 1, value: tens + ones });
  return found;
}

/** "1st", "1.", "first", "ersten". */
const ordinal: Slot = (reading, at) => {
  const plain = digits(reading, at, 2);
  if (plain !== null) {
    const end = tokenAt(reading, at + 1);
    if (plain === 0 || end === undefined || !isGlued(reading, at + 1)) return none;
    return reading.language.ordinalEnd.test(end.word) ? [{ next: at + 2, put: { ord: plain } }] : none;
  }
  return numeral(reading, at, reading.language.words.ordinals).map(({ next, value }) => ({
    next,
    put: { ord: value },
  }));
};

/** The places of what reads one item and then, behind a comma or "and", any number of others; the longest list first. */
function listOf<Item>(
  reading: Reading,
  at: number,
  item: (at: number) => readonly { next: number; values: readonly Item[] }[],
  needsMark = true,
): { next: number; values: Item[] }[] {
  const found: { next: number; values: Item[] }[] = [];
  let open = item(at).map(({ next, values }) => ({ next, values: [...values] }));
  for (let round = 0; open.length > 0 && round < 16; round++) {
    found.unshift(...open);
    open = open.flatMap((so) =>
      afterSeparator(reading, so.next, needsMark).flatMap((start) =>
        item(start).map(({ next, values }) => ({ next, values: [...so.values, ...values] })),
      ),
    );
  }
  return found;
}

function afterSeparator(reading: Reading, at: number, needsMark: boolean): number[] {
  const { and } = reading.language;
  const isAnd = (index: number): boolean => and.has(tokenAt(reading, index)?.word ?? "");
  if (!isAnd(at)) return needsMark ? [] : [at];
  // "mon, wed, and fri".
  return isAnd(at + 1) ? [at + 2] : [at + 1];
}

const ordinals: Slot = (reading, at) =>
  listOf(reading, at, (start) => ordinal(reading, start).map(({ next, put: { ord = 0 } }) => ({ next, values: [ord] })))
    .filter(({ values }) => values.every(isDayOfMonth))
    .map(({ next, values }) => ({ next, put: { ords: values } }));

/** "first and third", "last": places in a month, from either end. */
const places: Slot = (reading, at) =>
  listOf(reading, at, (start) =>
    reading.group(reading, "place", start).map(({ next, put: { places: values = [] } }) => ({ next, values })),
  ).map(({ next, values }) => ({ next, put: { places: values } }));

const weekdayAt = (reading: Reading, at: number): number | undefined => {
  const token = tokenAt(reading, at);
  return token?.kind === "word" ? reading.language.words.weekdays.get(token.word) : undefined;
};

const habitAt = (reading: Reading, at: number): number | undefined =>
  reading.language.words.weekdayHabits.get(tokenAt(reading, at)?.word ?? "");

/** One weekday (a dot of its abbreviation with it), or from one to another. */
function weekdaySpan(reading: Reading, at: number): { next: number; values: number[] }[] {
  const dayAt = (index: number): number | undefined => weekdayAt(reading, index) ?? habitAt(reading, index);
  const first = dayAt(at);
  if (first === undefined) return [];
  const next = behindDot(reading, at);
  const to = tokenAt(reading, next)?.word ?? "";
  const last = to === "-" || reading.language.to.has(to) ? dayAt(next + 1) : undefined;
  if (last === undefined || last === first) return [{ next, values: [first] }];
  const values = Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, more) => (first + more) % 7);
  return [{ next: behindDot(reading, next + 1), values }];
}

/** "Fr." and "Mi.": the dot is part of a short name when something follows it. */
function behindDot(reading: Reading, at: number): number {
  const token = tokenAt(reading, at);
  const isShort = token !== undefined && token.end - token.start <= 4;
  const isDot = tokenAt(reading, at + 1)?.word === "." && isGlued(reading, at + 1);
  return isShort && isDot && tokenAt(reading, at + 2) !== undefined ? at + 2 : at + 1;
}

const weekdays: Slot = (reading, at) =>
  listOf(reading, at, (start) => weekdaySpan(reading, start), false).map(({ next, values }) => ({
    next,
    put: { weekdays: values },
  }));

/** "mon/wed/fri": two or more, which no single date has. */
const weekdaySlashes: Slot = (reading, at) => {
  const values: number[] = [];
  let next = at;
  for (let value = weekdayAt(reading, next); value !== undefined; value = weekdayAt(reading, next)) {
    values.push(value);
    next++;
    if (tokenAt(reading, next)?.word !== "/") break;
    next++;
  }
  return values.length > 1 ? [{ next, put: { weekdays: values } }] : none;
};

/** "mondays and thursdays": the first says that it is a habit. */
const habits: Slot = (reading, at) => (habitAt(reading, at) === undefined ? none : weekdays(reading, at));

const weekday: Slot = (reading, at) => {
  const value = weekdayAt(reading, at);
  return value === undefined ? none : [{ next: behindDot(reading, at), put: { weekday: value } }];
};

/** A weekday that nothing before it shows to be one. */
const bareWeekday: Slot = (reading, at) => {
  const token = tokenAt(reading, at);
  if (token === undefined) return none;
  const isCapital = token.capital && !reading.text.shouting;
  const isBeforeNumber = tokenAt(reading, at + 1)?.kind === "number";
  const place = reading.language.placeOfWeekday(token.word, isCapital, isBeforeNumber);
  if (place === null) return none;
  return weekday(reading, at).map(({ next, put: found }) => ({ next, put: { ...found, place } }));
};

const month: Slot = (reading, at) => {
  const token = tokenAt(reading, at);
  const value = token?.kind === "word" ? reading.language.words.months.get(token.word) : undefined;
  return value === undefined ? none : [{ next: behindDot(reading, at), put: { month: value } }];
};

const dayNumber: Slot = (reading, at) => {
  const value = digits(reading, at, 2);
  return value === null || !isDayOfMonth(value) ? none : [{ next: at + 1, put: { ord: value } }];
};

const year: Slot = (reading, at) => {
  const token = tokenAt(reading, at);
  return token?.kind === "number" && /^[12]\d{3}$/.test(token.word)
    ? [{ next: at + 1, put: { year: Number(token.word) } }]
    : none;
};

export const slots: Record<string, Slot> = {
  ...numberSlots,
  n: number,
  ord: ordinal,
  /** An ordinal in digits: "27th", not "second". */
  numeral: (reading, at) => (tokenAt(reading, at)?.kind === "number" ? ordinal(reading, at) : none),
  ords: ordinals,
  places,
  dayNumber,
  weekday,
  bareWeekday,
  weekdays,
  weekdayRange: (reading, at) =>
    weekdaySpan(reading, at)
      .filter(({ values }) => values.length > 1)
      .map(({ next, values }) => ({ next, put: { weekdays: values } })),
  weekdaySlashes,
  habits,
  month,
  year,
  unit: oneOf(({ language }) => language.words.units, "unit"),
  span: oneOf(({ language }) => language.words.spans, "span"),
  dayPart: (reading, at) => {
    const value = reading.language.words.dayParts.get(tokenAt(reading, at)?.word ?? "");
    return value === undefined ? none : [{ next: at + 1, put: value }];
  },
  /** "1 day and 1 hour": each is a reminder of its own. */
  befores: (reading, at) =>
    listOf(reading, at, (start) =>
      reading.group(reading, "offset", start).map(({ next, put: { befores = [] } }) => ({ next, values: befores })),
    ).map(({ next, values }) => ({ next, put: { befores: values } })),
  part: oneOf(({ language }) => language.words.parts, "part"),
};
