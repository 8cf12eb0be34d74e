import { type DayNumber, isLeapYear, weekdayOf, ymdOf } from "../zone/day.ts";

export const frequencies = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"] as const;
export type Frequency = (typeof frequencies)[number];

export const keywords = { daily: "DAILY", weekly: "WEEKLY", monthly: "MONTHLY", yearly: "YEARLY" } as const;
export type Keyword = keyof typeof keywords;

/** RFC 5545's names, Monday = 0. */
export const weekdayCodes: readonly string[] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/** Every such weekday (`nth` null), or the nth of the month or year, from its end when negative. */
export type ByDay = { weekday: number; nth: number | null };

/** The last instant, or the last calendar day in the task's zone, on which the rule may produce a date. Both are included. */
export type Until = { kind: "instant"; at: Date } | { kind: "day"; day: DayNumber };

/**
 * A valid recurrence rule: `DAILY` to `YEARLY` with day-level parts (RFC 5545 §3.3.10). Lists are
 * sorted and free of repetition.
 */
export type Rule = {
  frequency: Frequency;
  interval: number;
  count: number | null;
  until: Until | null;
  byMonth: number[];
  byWeekNo: number[];
  byYearDay: number[];
  byMonthDay: number[];
  byDay: ByDay[];
  bySetPos: number[];
  /** The weekday weeks begin on, Monday = 0. */
  weekStart: number;
  /** The keyword the rule was written with. Only a keyword softens month ends, see `softened`. */
  keyword: Keyword | null;
};

export const plainRule: Omit<Rule, "frequency"> = {
  interval: 1,
  count: null,
  until: null,
  byMonth: [],
  byWeekNo: [],
  byYearDay: [],
  byMonthDay: [],
  byDay: [],
  bySetPos: [],
  weekStart: 0,
  keyword: null,
};

/**
 * The rule a keyword means for a series that starts on this day; any other rule unchanged.
 *
 * `monthly` from the 29th, 30th or 31st means that day or the last of the month, and keeps meaning it after a short month: "the last of
 * those of 28…31 that exist" says so in terms every RFC 5545 engine evaluates. `yearly` from 29 February means February's last day.
 */
export function softened(rule: Rule, startDay: DayNumber): Rule {
  if (rule.keyword === null) return rule;
  const { year, month, dayOfMonth } = ymdOf(startDay);
  if (rule.keyword === "monthly" && dayOfMonth > 28) {
    return { ...rule, byMonthDay: [28, 29, 30, 31].filter((day) => day <= dayOfMonth), bySetPos: [-1] };
  }
  if (rule.keyword === "yearly" && month === 2 && dayOfMonth === 29 && isLeapYear(year)) {
    return { ...rule, byMonth: [2], byMonthDay: [-1] };
  }
  return rule;
}

/** Of a rule that softens month ends, the day of the month it remembers (29, 30 or 31); else null. */
export function rememberedDay(rule: Rule): number | null {
  const { frequency, byMonthDay, bySetPos, byDay } = rule;
  if (frequency !== "MONTHLY" || byDay.length > 0 || bySetPos.length !== 1 || bySetPos[0] !== -1) return null;
  const isRun = byMonthDay.length > 1 && byMonthDay.every((day, index) => day === 28 + index);
  return isRun ? (byMonthDay.at(-1) ?? null) : null;
}

/**
 * The rule with the day that RFC 5545 takes from the start made explicit: the weekday of `WEEKLY`, the
 * day of `MONTHLY`, day and month of `YEARLY`, when no part of the rule names a day. A `BYWEEKNO`
 * alone means the week's seven days (as in python-dateutil).
 */
export function withImpliedDay(rule: Rule, startDay: DayNumber): Rule {
  const namesDay =
    rule.byDay.length > 0 || rule.byMonthDay.length > 0 || rule.byYearDay.length > 0 || rule.byWeekNo.length > 0;
  if (namesDay || rule.frequency === "DAILY") return rule;
  const { month, dayOfMonth } = ymdOf(startDay);
  if (rule.frequency === "WEEKLY") return { ...rule, byDay: [{ weekday: weekdayOf(startDay), nth: null }] };
  if (rule.frequency === "MONTHLY") return { ...rule, byMonthDay: [dayOfMonth] };
  return { ...rule, byMonth: rule.byMonth.length > 0 ? rule.byMonth : [month], byMonthDay: [dayOfMonth] };
}

/** The rule as RFC 5545 text without `RRULE:`, one spelling per meaning: fixed order, upper case, no default values. */
export function formatRule(rule: Rule): string {
  const parts: [string, string | number | null][] = [
    ["FREQ", rule.frequency],
    ["INTERVAL", rule.interval === 1 ? null : rule.interval],
    ["COUNT", rule.count],
    ["UNTIL", rule.until === null ? null : formatUntil(rule.until)],
    ["BYMONTH", rule.byMonth.join(",")],
    ["BYWEEKNO", rule.byWeekNo.join(",")],
    ["BYYEARDAY", rule.byYearDay.join(",")],
    ["BYMONTHDAY", rule.byMonthDay.join(",")],
    ["BYDAY", rule.byDay.map(({ weekday, nth }) => `${nth ?? ""}${weekdayCodes[weekday]}`).join(",")],
    ["BYSETPOS", rule.bySetPos.join(",")],
    ["WKST", rule.weekStart === 0 ? null : (weekdayCodes[rule.weekStart] ?? null)],
  ];
  return parts
    .filter(([, value]) => value !== null && value !== "")
    .map(([name, value]) => `${name}=${value}`)
    .join(";");
}

function formatUntil(until: Until): string {
  const instant = until.kind === "instant" ? until.at : new Date(until.day * 86_400_000);
  const basic = `${instant.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
  return until.kind === "instant" ? basic : basic.slice(0, 8);
}
