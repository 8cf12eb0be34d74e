import { type DayNumber, dayOf, daysInMonth, daysInYear, firstWeekOf, lastDay, weekdayOf, ymdOf } from "../zone/day.ts";
import { type Rule, withImpliedDay } from "./rule.ts";

/** Maximum periods (days, weeks, months or years, by the rule's frequency) that one lookahead may examine. */
export const maxCandidates = 10_000;

/**
 * Finds the first day from a given one on that the rule produces for a series starting on `startDay`,
 * COUNT and UNTIL ignored; null when there is none up to 2199-12-31 or within `maxCandidates`
 * periods. Cheapest in ascending order.
 *
 * This is the bounded scan that decides whether a rule is possible before the library sees it:
 * `rrule` walks an impossible rule for thousands of years. Daily rules jump over months that
 * BYMONTH excludes, so the limit never ends the search for a possible rule: the rarest daily one,
 * 29 February on one weekday, has 6 500 candidates in all. Days match python-dateutil's, with one
 * exception: `BYDAY=MO,1TU` means both, as in RFC 5545, and not nothing.
 */
export function ruleDayScan(rule: Rule, startDay: DayNumber): (fromDay: DayNumber) => DayNumber | null {
  const whole = withImpliedDay(rule, startDay);
  if (isPlainDaily(whole)) return (fromDay) => everyNth(whole.interval, startDay, fromDay);
  const matches = dayFilter(whole);
  let examined = -1;
  let days: DayNumber[] = [];
  return (fromDay) => {
    const least = Math.max(startDay, fromDay);
    let index = periodIndexOf(whole, startDay, least);
    for (let candidates = 0; candidates < maxCandidates; candidates++) {
      if (index !== examined) {
        const period = periodAt(whole, startDay, index);
        if (period.first > lastDay) return null;
        days = chosenDays(whole, period, matches);
        examined = index;
      }
      const found = days.find((day) => day >= least);
      if (found !== undefined) return found <= lastDay ? found : null;
      index = nextIndex(whole, startDay, index);
    }
    return null;
  };
}

const isPlainDaily = ({ frequency, byMonth, byMonthDay, byDay, bySetPos }: Rule): boolean =>
  frequency === "DAILY" && byMonth.length + byMonthDay.length + byDay.length + bySetPos.length === 0;

function everyNth(interval: number, startDay: DayNumber, fromDay: DayNumber): DayNumber | null {
  const day = startDay + Math.max(0, Math.ceil((fromDay - startDay) / interval)) * interval;
  return day <= lastDay ? day : null;
}

export type Period = { first: DayNumber; last: DayNumber };

/** The first of the rule's periods, counted from the series' start as 0, that does not end before the day. */
export function periodIndexOf(rule: Rule, startDay: DayNumber, day: DayNumber): number {
  const { year, month } = ymdOf(day);
  const start = ymdOf(startDay);
  const elapsed = {
    DAILY: Math.ceil((day - startDay) / rule.interval),
    WEEKLY: Math.floor((day - weekOf(startDay, rule.weekStart)) / 7 / rule.interval),
    MONTHLY: Math.floor((year * 12 + month - start.year * 12 - start.month) / rule.interval),
    YEARLY: Math.floor((year - start.year) / rule.interval),
  };
  return elapsed[rule.frequency];
}

/**
 * The period's days. The first week begins with the series itself: python-dateutil counts BYSETPOS in
 * it from there.
 */
export function periodAt(rule: Rule, startDay: DayNumber, index: number): Period {
  const steps = index * rule.interval;
  const start = ymdOf(startDay);
  if (rule.frequency === "DAILY") return { first: startDay + steps, last: startDay + steps };
  if (rule.frequency === "WEEKLY") {
    const monday = weekOf(startDay, rule.weekStart) + steps * 7;
    return { first: index === 0 ? startDay : monday, last: monday + 6 };
  }
  if (rule.frequency === "MONTHLY") {
    const months = start.year * 12 + start.month - 1 + steps;
    const [year, month] = [Math.floor(months / 12), (months % 12) + 1];
    const first = dayOf(year, month, 1);
    return { first, last: first + daysInMonth(year, month) - 1 };
  }
  const first = dayOf(start.year + steps, 1, 1);
  return { first, last: first + daysInYear(start.year + steps) - 1 };
}

const weekOf = (day: DayNumber, weekStart: number): DayNumber => day - ((weekdayOf(day) - weekStart + 7) % 7);

/** The next candidate period: for daily rules the next one in a month that BYMONTH allows. */
function nextIndex(rule: Rule, startDay: DayNumber, index: number): number {
  if (rule.frequency !== "DAILY" || rule.byMonth.length === 0) return index + 1;
  const next = startDay + (index + 1) * rule.interval;
  const { year, month } = ymdOf(next);
  if (rule.byMonth.includes(month)) return index + 1;
  const later = rule.byMonth.find((allowed) => allowed > month);
  const opens = later === undefined ? dayOf(year + 1, rule.byMonth[0] ?? 1, 1) : dayOf(year, later, 1);
  return periodIndexOf(rule, startDay, opens);
}

/** The period's days that satisfy every BY part, BYSETPOS last, ascending. */
function chosenDays(rule: Rule, { first, last }: Period, matches: (day: DayNumber) => boolean): DayNumber[] {
  const days: DayNumber[] = [];
  for (let day = first; day <= last; day++) if (matches(day)) days.push(day);
  if (rule.bySetPos.length === 0) return days;
  return days.filter((_, at) => rule.bySetPos.includes(at + 1) || rule.bySetPos.includes(at - days.length));
}

/** The BY parts except BYSETPOS as one predicate. Days come in order, so the last one's month is cached. */
function dayFilter(rule: Rule): (day: DayNumber) => boolean {
  const has = (values: readonly number[]) => (values.length === 0 ? null : new Set(values));
  const [months, monthDays, yearDays] = [has(rule.byMonth), has(rule.byMonthDay), has(rule.byYearDay)];
  const weekNumbers = has(rule.byWeekNo);
  const byWeekday = numbersByWeekday(rule);
  const perMonth = rule.frequency === "MONTHLY" || rule.byMonth.length > 0;
  let around = surroundings(0, rule.weekStart);
  return (day) => {
    if (day < around.firstOfMonth || day > around.lastOfMonth) around = surroundings(day, rule.weekStart);
    if (months !== null && !months.has(around.month)) return false;
    const nth = byWeekday[weekdayOf(day)];
    if (nth === undefined) return false;
    const inMonth = placeOf(day, around.firstOfMonth, around.lastOfMonth);
    const inYear = placeOf(day, around.firstOfYear, around.lastOfYear);
    if (monthDays !== null && !monthDays.has(inMonth.fromStart) && !monthDays.has(inMonth.fromEnd)) return false;
    if (yearDays !== null && !yearDays.has(inYear.fromStart) && !yearDays.has(inYear.fromEnd)) return false;
    if (nth !== "every") {
      const { fromStart, fromEnd } = perMonth ? inMonth : inYear;
      if (!nth.has(Math.ceil(fromStart / 7)) && !nth.has(Math.floor(fromEnd / 7))) return false;
    }
    return weekNumbers === null || inWeeks(weekNumbers, day, around);
  };
}

/** A day's position in a period: 1 is the first, -1 the last. */
const placeOf = (day: DayNumber, first: DayNumber, last: DayNumber) => ({
  fromStart: day - first + 1,
  fromEnd: day - last - 1,
});

/** The month and the year around a day, and where the weeks of that year and its neighbours begin. */
function surroundings(day: DayNumber, weekStart: number) {
  const { year, month, dayOfMonth } = ymdOf(day);
  const firstOfMonth = day - dayOfMonth + 1;
  const firstOfYear = dayOf(year, 1, 1);
  const weekOne = firstWeekOf(year, weekStart);
  return {
    month,
    firstOfMonth,
    lastOfMonth: firstOfMonth + daysInMonth(year, month) - 1,
    firstOfYear,
    lastOfYear: firstOfYear + daysInYear(year) - 1,
    weekOne,
    weeks: (firstWeekOf(year + 1, weekStart) - weekOne) / 7,
    weeksBefore: weeksBefore(year, weekStart),
  };
}

/** Per weekday: every one of them, the numbered ones, or (undefined) none. */
function numbersByWeekday(rule: Rule): ("every" | Set<number> | undefined)[] {
  return [0, 1, 2, 3, 4, 5, 6].map((weekday) => {
    if (rule.byDay.length === 0) return "every";
    const numbers = rule.byDay.filter((entry) => entry.weekday === weekday).map(({ nth }) => nth);
    if (numbers.length === 0) return undefined;
    return numbers.includes(null) ? "every" : new Set(numbers.filter((nth) => nth !== null));
  });
}

/**
 * The number of the week, in the year before, to which the days before week 1 belong: 52 or 53.
 *
 * If that year began with a week of its own, python-dateutil (and `rrule` after it) takes the
 * length from the wrong year, so that a year of 52 weeks may seem to have a 53rd. Reproduced on
 * purpose: two engines that disagree about a date are worse than a rare odd one.
 */
function weeksBefore(year: number, weekStart: number): number {
  const daysBeforeWeekOne = (ofYear: number): number => (7 - weekdayOf(dayOf(ofYear, 1, 1)) + weekStart) % 7;
  const before = daysBeforeWeekOne(year - 1);
  const days = before >= 4 ? daysInYear(year - 1) + 7 - before : daysInYear(year) - daysBeforeWeekOne(year);
  return 52 + Math.floor((days % 7) / 4);
}

/**
 * Whether the day is in one of the weeks. A year's rule covers that calendar year's days only: those
 * before week 1 are in the last week of the year before (-1, or its number), those after the last
 * week are in week 1.
 */
function inWeeks(weekNumbers: Set<number>, day: DayNumber, around: ReturnType<typeof surroundings>): boolean {
  const number = Math.floor((day - around.weekOne) / 7) + 1;
  if (number < 1) return weekNumbers.has(-1) || weekNumbers.has(around.weeksBefore);
  if (number > around.weeks) return weekNumbers.has(1);
  return weekNumbers.has(number) || weekNumbers.has(number - around.weeks - 1);
}
