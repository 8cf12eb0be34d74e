import { dayOf, daysInMonth, endOfTimeMs } from "../zone/day.ts";
import { type ByDay, frequencies, keywords, plainRule, type Rule, type Until, weekdayCodes } from "./rule.ts";

/** The rule, or what is wrong with the text, one sentence per fault, written for users. */
export type ParsedRule = { ok: true; rule: Rule } | { ok: false; errors: string[] };

const maxLength = 255;
const maxInterval = 999;
const maxCount = 1_000;
const maxByValues = 60;

/**
 * The rule that a `recurring_pattern` expresses: a keyword (`daily|weekly|monthly|yearly`) or an RFC
 * 5545 rule with or without `RRULE:`, its parts in any order and case. Bounded by the text's
 * length; whether the rule ever produces a date is decided in `plan-series.ts`.
 */
export function parseRule(text: string): ParsedRule {
  if (text.length > maxLength) return refuse(`A recurrence has at most ${maxLength} characters.`);
  const keyword = Object.keys(keywords).find((word): word is keyof typeof keywords => word === text);
  if (keyword !== undefined) return { ok: true, rule: { ...plainRule, frequency: keywords[keyword], keyword } };
  // Checked before upper-casing: some letters of other scripts become ASCII ones on the way.
  if (!/^[\x21-\x7e]+$/.test(text)) return refuse(malformed);
  const parts = text
    .toUpperCase()
    .replace(/^RRULE:/, "")
    .split(";");
  const values = new Map<string, string>();
  const errors: string[] = [];
  for (const part of parts) {
    const [name = "", value = "", ...rest] = part.split("=");
    if (name === "" || value === "" || rest.length > 0) return refuse(malformed);
    const fault = values.has(name) ? `${shown(name)} may stand only once.` : faultOfName(name);
    if (fault === null) values.set(name, value);
    else errors.push(fault);
  }
  return readParts(values, [...new Set(errors)]);
}

const malformed =
  "Write daily, weekly, monthly or yearly, or an RFC 5545 rule such as FREQ=WEEKLY;BYDAY=MO,TH: NAME=VALUE parts with ; between them.";

const refuse = (...errors: string[]): ParsedRule => ({ ok: false, errors });

const partNames = "FREQ INTERVAL COUNT UNTIL BYMONTH BYWEEKNO BYYEARDAY BYMONTHDAY BYDAY BYSETPOS WKST".split(" ");

function faultOfName(name: string): string | null {
  if (partNames.includes(name)) return null;
  if (["BYHOUR", "BYMINUTE", "BYSECOND"].includes(name)) {
    return `${name} is not taken: the time of day is that of the due date.`;
  }
  return `${shown(name)} is not part of a recurrence rule.`;
}

const shown = (name: string): string => (/^[A-Z-]{1,20}$/.test(name) ? name : "A part");

function readParts(values: Map<string, string>, errors: string[]): ParsedRule {
  const fail = (detail: string): void => {
    errors.push(detail);
  };
  const list = (name: string, limit: number, signed: boolean): number[] => {
    const numbers = readList(values.get(name), (item) => readNumber(item, signed ? -limit : 1, limit, signed), rank);
    if (numbers === null)
      fail(`${name} takes 1 to ${limit}${signed ? ` or -${limit} to -1` : ""}, with commas between them.`);
    return numbers ?? [];
  };

  const frequency = frequencies.find((name) => name === values.get("FREQ"));
  if (frequency === undefined) fail("FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY.");
  const interval = readNumber(values.get("INTERVAL") ?? "1", 1, maxInterval, false);
  if (interval === null) fail(`INTERVAL must be a whole number from 1 to ${maxInterval}.`);
  const count = values.has("COUNT") ? readNumber(values.get("COUNT") ?? "", 1, maxCount, false) : null;
  if (values.has("COUNT") && count === null) fail(`COUNT must be a whole number from 1 to ${maxCount}.`);
  const until = values.has("UNTIL") ? readUntil(values.get("UNTIL") ?? "") : null;
  if (typeof until === "string") fail(until);
  const weekStart = values.has("WKST") ? weekdayCodes.indexOf(values.get("WKST") ?? "") : 0;
  if (weekStart === -1) fail("WKST must be one of MO, TU, WE, TH, FR, SA, SU.");
  const byDay = readList(
    values.get("BYDAY"),
    readByDay,
    ({ weekday, nth }) => weekday * 10_000 + (nth === null ? 0 : rank(nth)),
  );
  if (byDay === null) fail("BYDAY takes weekdays such as MO or FR, or -1FR and 2TU, with commas between them.");

  const by = {
    byMonth: list("BYMONTH", 12, false),
    byWeekNo: list("BYWEEKNO", 53, true),
    byYearDay: list("BYYEARDAY", 366, true),
    byMonthDay: list("BYMONTHDAY", 31, true),
    bySetPos: list("BYSETPOS", 366, true),
  };
  const howMany = [...values].filter(([name]) => name.startsWith("BY")).flatMap(([, value]) => value.split(",")).length;
  if (howMany > maxByValues) fail(`The BY parts may hold ${maxByValues} values together, not ${howMany}.`);
  if (values.has("COUNT") && values.has("UNTIL")) fail("COUNT and UNTIL exclude each other: keep one of them.");
  const rule = { ...plainRule, ...by, byDay: byDay ?? [], interval: interval ?? 1, count, weekStart };
  if (frequency === undefined || typeof until === "string" || errors.length > 0) return refuse(...errors);
  const whole: Rule = { ...rule, frequency, until };
  const conflicts = conflictsOf(whole);
  return conflicts.length > 0 ? refuse(...conflicts) : { ok: true, rule: whole };
}

/** What RFC 5545 §3.3.10 forbids between parts ("MUST NOT be used when …"). */
function conflictsOf({ frequency, byMonth, byWeekNo, byYearDay, byMonthDay, byDay, bySetPos }: Rule): string[] {
  const yearly = frequency === "YEARLY";
  const numbered = byDay.some(({ nth }) => nth !== null);
  const others = [byMonth, byWeekNo, byYearDay, byMonthDay, byDay];
  const conflicts: [boolean, string][] = [
    [byWeekNo.length > 0 && !yearly, "BYWEEKNO goes with FREQ=YEARLY only."],
    [byYearDay.length > 0 && !yearly, "BYYEARDAY goes with FREQ=YEARLY only."],
    [byMonthDay.length > 0 && frequency === "WEEKLY", "BYMONTHDAY does not go with FREQ=WEEKLY."],
    [numbered && !yearly && frequency !== "MONTHLY", "Numbered weekdays in BYDAY go with FREQ=MONTHLY or YEARLY only."],
    [numbered && byWeekNo.length > 0, "Numbered weekdays in BYDAY do not go with BYWEEKNO."],
    [
      bySetPos.length > 0 && others.every((values) => values.length === 0),
      "BYSETPOS needs another BY part to choose from.",
    ],
  ];
  return conflicts.filter(([applies]) => applies).map(([, detail]) => detail);
}

/** The items of a comma list by rank, each once; null when one of them is wrong; empty when there is no list. */
function readList<Item>(
  text: string | undefined,
  read: (item: string) => Item | null,
  rankOf: (item: Item) => number,
): Item[] | null {
  const byRank = new Map<number, Item>();
  for (const part of text?.split(",") ?? []) {
    const item = read(part);
    if (item === null) return null;
    byRank.set(rankOf(item), item);
  }
  return [...byRank].sort(([a], [b]) => a - b).map(([, item]) => item);
}

/** Orders values as people write them: from the start (1, 2, …), then those counted from the end (…, -2, -1). */
const rank = (value: number): number => (value > 0 ? value : 1_000 + value);

/**
 * A whole number in the range, never 0 if it may be negative; null otherwise. Digits only: no
 * exponent, no blank, no other script.
 */
function readNumber(text: string, least: number, most: number, signed: boolean): number | null {
  if (!(signed ? /^[+-]?[0-9]{1,4}$/ : /^[0-9]{1,4}$/).test(text)) return null;
  const value = Number(text);
  return value >= least && value <= most && value !== 0 ? value : null;
}

function readByDay(text: string): ByDay | null {
  const match = /^([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/.exec(text);
  if (match === null) return null;
  const weekday = weekdayCodes.indexOf(match[2] ?? "");
  if (match[1] === undefined) return { weekday, nth: null };
  const nth = readNumber(match[1], -53, 53, true);
  return nth === null ? null : { weekday, nth };
}

/** The instant or day, or the sentence that says why not. */
function readUntil(text: string): Until | string {
  if (/^[0-9]{8}T[0-9]{6}$/.test(text))
    return "UNTIL must be in UTC, such as 20261231T225959Z, or a date such as 20261231.";
  const match = /^([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})Z)?$/.exec(text);
  const [year = 0, month = 0, dayOfMonth = 0, hour = 0, minute = 0, second = 0] = (match ?? [])
    .slice(1)
    .map((part) => Number(part ?? 0));
  const isDay = month >= 1 && month <= 12 && dayOfMonth >= 1 && dayOfMonth <= daysInMonth(year, month);
  if (match === null || !isDay || hour > 23 || minute > 59 || second > 59) {
    return "UNTIL must be a time in UTC such as 20261231T225959Z, or a date such as 20261231.";
  }
  const day = year < 1970 ? -1 : dayOf(year, month, dayOfMonth);
  const at = new Date(day * 86_400_000 + ((hour * 60 + minute) * 60 + second) * 1_000);
  if (day < 0 || at.getTime() >= endOfTimeMs) return "UNTIL must be between 1970 and 2199.";
  return match[4] === undefined ? { kind: "day", day } : { kind: "instant", at };
}
