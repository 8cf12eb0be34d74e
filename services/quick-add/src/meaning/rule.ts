import { type DayNumber, dayIn, planSeries, startOfDay, ymdOf } from "../calendar.ts";
import { isAhead, type Reference } from "../reference.ts";
import { dayOfMonthToCome, monthDay } from "./day.ts";
import type { Time } from "./time.ts";

export type Frequency = "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY";

/** A recurrence as words say it, before it has a first day. Empty lists: the first day decides. */
export type Rule = {
  frequency: Frequency;
  interval: number;
  byMonth: readonly number[];
  byMonthDay: readonly number[];
  /** RFC 5545's names, with their number where they have one. */
  byDay: readonly string[];
  bySetPos: readonly number[];
  fromCompletion: boolean;
  time: Time | null;
  note: string | null;
  /** The same in other words, for readings that are offered beside it. */
  others: readonly string[];
};

const weekdayCodes = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
export const workdays = weekdayCodes.slice(0, 5);
export const codeOf = (weekday: number): string => weekdayCodes[weekday] ?? "MO";

export const every = (frequency: Frequency, interval = 1, parts: Partial<Rule> = {}): Rule => ({
  frequency,
  interval,
  byMonth: [],
  byMonthDay: [],
  byDay: [],
  bySetPos: [],
  fromCompletion: false,
  time: null,
  note: null,
  others: [],
  ...parts,
});

/**
 * A frequency and the days it is said with belong together: days of the month are no days of a week. "Every 14 days on friday" is every
 * second week.
 */
export function joinedRule(how: Rule, when: Partial<Rule>): Rule | null {
  const needs: Frequency | null =
    when.byMonth !== undefined
      ? "YEARLY"
      : when.byMonthDay !== undefined || when.bySetPos !== undefined || when.byDay?.some((day) => day.length > 2)
        ? "MONTHLY"
        : when.byDay !== undefined
          ? "WEEKLY"
          : null;
  if (needs === "WEEKLY" && how.frequency === "DAILY" && how.interval % 7 === 0) {
    return { ...how, ...when, frequency: "WEEKLY", interval: how.interval / 7 };
  }
  return needs === null || needs === how.frequency ? { ...how, ...when } : null;
}

/** On a day of each calendar quarter: in its first month when counted from its start, in its last when from its end. */
export function inQuarters(places: readonly number[], parts: Partial<Rule>): Rule | null {
  const fromEnd = places.filter((place) => place < 0).length;
  if (fromEnd > 0 && fromEnd < places.length) return null;
  const byMonth = fromEnd > 0 ? [3, 6, 9, 12] : [1, 4, 7, 10];
  return every(parts.bySetPos === undefined ? "YEARLY" : "MONTHLY", 1, { ...parts, byMonth });
}

/** "2MO,4MO": weekdays with their place in the month, the quarter or the year. */
export const numbered = (places: readonly number[], weekdays: readonly number[]): string[] =>
  places.flatMap((place) => byWeekdays(weekdays).map((code) => `${place}${code}`));

/** The weekdays of a list in the week's order, each once. */
export const byWeekdays = (weekdays: readonly number[]): string[] => [...new Set(weekdays)].sort().map(codeOf);

/** True when the rule itself says which days it falls on. */
export const namesDays = ({ byMonthDay, byDay, byMonth }: Rule): boolean =>
  byMonthDay.length + byDay.length + byMonth.length > 0;

/**
 * The `recurring_pattern` for a series that starts on this day. A month's 29th to 31st is soft: the keyword `monthly`, and beside an
 * interval or a count the last of the days from the 28th on.
 */
export function patternOf(rule: Rule, start: DayNumber, count: number | null): string {
  const { frequency, interval, byMonth } = rule;
  const remembered = softDay(rule, start);
  if (remembered !== null && interval === 1 && count === null) return "monthly";
  const soft = remembered === null ? null : [28, 29, 30, 31].filter((day) => day <= remembered);
  const { month, dayOfMonth } = ymdOf(start);
  const isLeapDay = frequency === "YEARLY" && month === 2 && dayOfMonth === 29 && rule.byDay.length === 0;
  if (isLeapDay && interval === 1 && count === null) return "yearly";
  const parts: [string, string | number | null][] = [
    ["FREQ", frequency],
    ["INTERVAL", interval === 1 ? null : interval],
    ["BYMONTH", isLeapDay ? "2" : byMonth.join(",")],
    ["BYMONTHDAY", isLeapDay ? "-1" : (soft ?? rule.byMonthDay).join(",")],
    ["BYDAY", rule.byDay.join(",")],
    ["BYSETPOS", soft === null ? rule.bySetPos.join(",") : "-1"],
    ["COUNT", count],
  ];
  return parts
    .filter(([, value]) => value !== null && value !== "")
    .map(([name, value]) => `${name}=${value}`)
    .join(";");
}

/** The one day of the month from the 29th on that a monthly rule means, named or taken from its start; else null. */
function softDay({ frequency, byMonth, byMonthDay, byDay }: Rule, start: DayNumber): number | null {
  if (frequency !== "MONTHLY" || byDay.length + byMonth.length > 0 || byMonthDay.length > 1) return null;
  const day = byMonthDay[0] ?? ymdOf(start).dayOfMonth;
  return day > 28 ? day : null;
}

/** The first day of the rule from a day on, at a time that is not over; null when it has none. */
export function firstDay(rule: Rule, from: DayNumber, minutes: number | null, reference: Reference): DayNumber | null {
  const start = isAhead(from, minutes, reference) ? from : Math.max(from, reference.today) + 1;
  const real = realDays(rule, { ...reference, today: start });
  if (real !== null) return real.find((day) => day >= start && isAhead(day, minutes, reference)) ?? null;
  const { timeZone } = reference;
  const now = startOfDay(start, timeZone);
  const plan = planSeries({
    pattern: patternOf(rule, start, null),
    dueAt: null,
    allDay: true,
    timeZone,
    endsAt: null,
    now,
  });
  return plan.ok ? dayIn(plan.dueAt, timeZone) : null;
}

/** Where months or years may lack the day, the series starts on one that has it. */
function realDays(rule: Rule, reference: Reference): readonly DayNumber[] | null {
  const [day = 0] = rule.byMonthDay;
  if (softDay(rule, reference.today) !== null && day > 0) return dayOfMonthToCome(day).days(reference);
  if (rule.frequency === "YEARLY" && rule.byMonth[0] === 2 && day === 29) return monthDay(2, 29).days(reference);
  return null;
}
