import { type Day, monthDay } from "./meaning/day.ts";
import { exactly, openTime } from "./meaning/time.ts";
import { type Found, isGlued, lookTo, type Reading, type Slot, tokenAt } from "./reading.ts";

const none: readonly Found[] = [];
/** More code points than any of these patterns looks at. */
const longestShape = 24;

/** What a regular expression reads from the token's first unit on, if it ends where a token ends. */
export function shape(
  reading: Reading,
  at: number,
  pattern: RegExp,
): { next: number; parts: (string | undefined)[] } | null {
  const { norm, tokens } = reading.text;
  const token = tokens[at];
  if (token === undefined || token.kind !== "number") return null;
  lookTo(reading, token.start + longestShape);
  pattern.lastIndex = token.start;
  const match = pattern.exec(norm);
  if (match === null) return null;
  const end = token.start + match[0].length;
  let next = at;
  for (let inside = tokens[next]; inside !== undefined && inside.end <= end; inside = tokens[next]) next++;
  return (tokens[next]?.start ?? end) < end ? null : { next, parts: [...match] };
}

export const digits = (reading: Reading, at: number, most: number): number | null => {
  const token = tokenAt(reading, at);
  return token?.kind === "number" && token.word.length <= most ? Number(token.word) : null;
};

/** A clock's bare hour: digits, or a number word up to twelve. */
const hour: Slot = (reading, at) => {
  const token = tokenAt(reading, at);
  const plain = digits(reading, at, 2);
  const value = plain ?? (token?.kind === "word" ? reading.language.words.numbers.get(token.word) : undefined);
  if (value === undefined || !Number.isInteger(value) || value > 24 || (plain === null && value > 12)) return none;
  if (plain !== null && isDayOfDate(reading, at + 1)) return none;
  // A leading zero says that the clock has 24 hours.
  const time = token?.word.startsWith("0") ? exactly(value * 60) : openTime(value * 60);
  return [{ next: at + 1, put: { time, n: value } }];
};

/** "at 9 until 18 December": the number before a month is its day. */
function isDayOfDate(reading: Reading, next: number): boolean {
  const { ordinalEnd, months } = { ...reading.language, ...reading.language.words };
  const isEnded = isGlued(reading, next) && ordinalEnd.test(tokenAt(reading, next)?.word ?? "");
  const token = tokenAt(reading, isEnded ? next + 1 : next);
  return isEnded && token?.kind === "word" && months.has(token.word);
}

/** Two digits behind an hour: "18h30", "8 Uhr 05". */
const minutes: Slot = (reading, at) => {
  const value = digits(reading, at, 2);
  return value !== null && value < 60 && tokenAt(reading, at)?.word.length === 2
    ? [{ next: at + 1, put: { n2: value } }]
    : none;
};

/** "9:30": a clock of 24 hours. */
const clock: Slot = (reading, at) => clockShape(reading, at, /(\d{1,2}):(\d{2})(?![:\d])/y);
/** "9.30", which is a number elsewhere. */
const dotClock: Slot = (reading, at) => clockShape(reading, at, /(\d{1,2})\.(\d{2})(?![.:\d])/y);

function clockShape(reading: Reading, at: number, pattern: RegExp): readonly Found[] {
  const found = shape(reading, at, pattern);
  if (found === null) return none;
  const [, hours, minutes] = found.parts.map(Number);
  if (hours === undefined || minutes === undefined || minutes > 59) return none;
  if (hours > 24 || (hours === 24 && minutes > 0)) return none;
  return [{ next: found.next, put: { time: exactly(hours * 60 + minutes), n: hours, n2: minutes } }];
}

/** "25:00": the shape of a time that no clock shows. */
const badClock: Slot = (reading, at) => {
  const found = shape(reading, at, /(\d{1,2}):(\d{2})(?![:\d])/y);
  const [, hours = 0, minutes = 0] = found?.parts.map(Number) ?? [];
  return found !== null && (hours > 24 || minutes > 59 || (hours === 24 && minutes > 0))
    ? [{ next: found.next, put: {} }]
    : none;
};

const isoDay: Slot = (reading, at) => {
  const found = shape(reading, at, /(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?![-/\d])/y);
  if (found === null) return none;
  const [, years = 0, months = 0, days = 0] = found.parts.map(Number);
  return [{ next: found.next, put: { day: monthDay(months, days, years) } }];
};

const isoTime: Slot = (reading, at) => {
  const found = shape(reading, at, /(\d{4})-(\d{2})-(\d{2})t(\d{2}):(\d{2})(?![:\d])/y);
  if (found === null) return none;
  const [, years = 0, months = 0, days = 0, hours = 0, minutes = 0] = found.parts.map(Number);
  if (hours > 23 || minutes > 59) return none;
  return [{ next: found.next, put: { day: monthDay(months, days, years), time: exactly(hours * 60 + minutes) } }];
};

const fullYear = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : text.length === 2 ? 2_000 + Number(text) : Number(text);

/** "5.12.", "5.12.2026": day first, as only such dates are written with dots. */
const dotDay: Slot = (reading, at) => {
  const found = shape(reading, at, /(\d{1,2})\. ?(\d{1,2})\.(?: ?(\d{4})(?!\d)|(\d{2})(?![\d.:%]|,\d))?(?!\d)/y);
  if (found === null) return none;
  const [, days, months, long, short] = found.parts;
  if (Number(months) > 12 || Number(months) === 0 || Number(days) > 31) return none;
  return [{ next: found.next, put: { day: monthDay(Number(months), Number(days), fullYear(long ?? short)) } }];
};

/** "5.12" without its last dot: a number, unless a word before it says that it is a date. */
const shortDotDay: Slot = (reading, at) => {
  const found = shape(reading, at, /(\d{1,2})\.(\d{1,2})(?![\d.:])/y);
  if (found === null) return none;
  const [, days, months] = found.parts.map(Number);
  if (days === undefined || months === undefined || months > 12 || months === 0 || days > 31) return none;
  return [{ next: found.next, put: { day: monthDay(months, days) } }];
};

const slashDay: Slot = (reading, at) => slashed(reading, at, /(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})(?![/\d])/y);
const shortSlashDay: Slot = (reading, at) => slashed(reading, at, /(\d{1,2})\/(\d{1,2})(?![/\d])/y);

function slashed(reading: Reading, at: number, pattern: RegExp): readonly Found[] {
  const found = shape(reading, at, pattern);
  if (found === null) return none;
  const [, first = "", second = "", years] = found.parts;
  return [{ next: found.next, put: { day: slashedDay(Number(first), Number(second), fullYear(years)) } }];
}

/** The order is the reader's; when only the other one names a day, it is that one. */
function slashedDay(first: number, second: number, years: number | undefined): Day {
  const usual = { dmy: monthDay(second, first, years), mdy: monthDay(first, second, years) };
  const isReal = (day: Day): boolean => day.fault === undefined;
  if (!isReal(usual.dmy) && !isReal(usual.mdy)) return { days: () => [], fault: "impossible" };
  if (!isReal(usual.mdy)) return { ...usual.dmy, note: "day/month" };
  if (!isReal(usual.dmy)) return { ...usual.mdy, note: "month/day" };
  if (first === second) return usual.dmy;
  return {
    days: (at) => usual[at.dateOrder].days(at),
    others: (at) =>
      usual[at.dateOrder === "dmy" ? "mdy" : "dmy"]
        .days(at)
        .filter((day) => day >= at.today)
        .slice(0, 1),
    note: "order",
  };
}

/** The slots that read digits, but for counts and ordinals. */
export const numberSlots: Record<string, Slot> = {
  hour,
  minutes,
  clock,
  dotClock,
  badClock,
  isoDay,
  isoTime,
  dotDay,
  shortDotDay,
  slashDay,
  shortSlashDay,
};
