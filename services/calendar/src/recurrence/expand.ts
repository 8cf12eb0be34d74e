import { type Options, RRule, Weekday } from "rrule";
import { type DayNumber, dayOf, lastDay, ymdOf } from "../zone/day.ts";
import { type ByDay, formatRule, type Rule, withImpliedDay } from "./rule.ts";
import { periodAt, periodIndexOf, ruleDayScan } from "./rule-days.ts";

/** Maximum cached answers (a counted rule's whole series is one), the oldest evicted first. */
const maxRemembered = 500;
const remembered = new Map<string, readonly DayNumber[]>();

/**
 * At most `limit` days of the rule from `fromDay` on, ascending, none before `startDay` or after
 * 2199-12-31. COUNT is applied, UNTIL is left to the caller, who knows the zone.
 *
 * The `rrule` library expands the rule in floating UTC: days only, no zone, no time of day, never
 * its TZID mode. It runs from one day that our own scan expects to the next, and a day counts only
 * when both have it. Left alone, the library takes the fourth to last of three days for the first,
 * lists a day once per position that chooses it, and does not stop at UNTIL before it has found a
 * day beyond.
 */
export function ruleDays(rule: Rule, startDay: DayNumber, fromDay: DayNumber, limit: number): readonly DayNumber[] {
  const { count } = rule;
  const name = `${formatRule(rule)} ${startDay}`;
  if (count === null) return remember(`${name} ${fromDay} ${limit}`, () => expand(rule, startDay, fromDay, limit));
  // COUNT can only be applied from the series' start: at most 1 000 dates.
  const all = remember(name, () => expand(rule, startDay, startDay, count));
  return all.filter((day) => day >= fromDay).slice(0, limit);
}

function remember(key: string, compute: () => readonly DayNumber[]): readonly DayNumber[] {
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const days = compute();
  if (remembered.size >= maxRemembered) remembered.delete(remembered.keys().next().value ?? "");
  remembered.set(key, days);
  return days;
}

/**
 * If the next day is further away than this, the library restarts there: it would walk the years
 * between at 7 µs a month.
 */
const farDays = 700;

function expand(rule: Rule, startDay: DayNumber, fromDay: DayNumber, limit: number): DayNumber[] {
  const whole = withImpliedDay(rule, startDay);
  const days: DayNumber[] = [];
  const nextDay = ruleDayScan(whole, startDay);
  let expected = nextDay(fromDay);
  const takes = (day: DayNumber): boolean => {
    if (expected !== null && expected < day) expected = nextDay(day);
    if (day === expected) {
      days.push(day);
      expected = nextDay(day + 1);
    }
    return days.length < limit && expected !== null && expected - day <= farDays;
  };
  for (let found = -1; expected !== null && found < days.length && days.length < limit; ) {
    found = days.length;
    // Without its own cache, which grows without limit.
    new RRule(libraryOptions(whole, startDay, expected), true).all((date) => takes(date.getTime() / 86_400_000));
  }
  return days;
}

function libraryOptions(rule: Rule, startDay: DayNumber, first: DayNumber): Partial<Options> {
  const { frequency, interval, byDay, bySetPos } = isCheaperByMonth(rule) ? byMonthInstead(rule) : rule;
  const aligned =
    frequency === rule.frequency
      ? periodAt(rule, startDay, periodIndexOf(rule, startDay, first)).first
      : monthOf(first);
  return {
    freq: RRule[frequency],
    interval,
    wkst: rule.weekStart,
    dtstart: new Date(aligned * 86_400_000),
    until: new Date(lastDay * 86_400_000),
    bymonth: orNull(rule.byMonth),
    byweekno: orNull(rule.byWeekNo),
    byyearday: orNull(rule.byYearDay),
    bymonthday: orNull(rule.byMonthDay),
    byweekday: orNull(libraryWeekdays({ ...rule, byDay })),
    bysetpos: orNull(bySetPos),
  };
}

/**
 * Rules of which only some days and weeks qualify. The library walks them one by one, 5 µs each, 84
 * 000 days up to 2199; month by month it takes 25 ms. With long intervals there are few to walk.
 */
function isCheaperByMonth({ frequency, interval, byMonth, byMonthDay, byDay }: Rule): boolean {
  if (frequency === "DAILY") return interval < 16 && [byMonth, byMonthDay, byDay].some((values) => values.length > 0);
  return frequency === "WEEKLY" && interval < 4 && byMonth.length > 0;
}

/** Every day that passes the rule's filters; interval and BYSETPOS are left to the scan. */
function byMonthInstead(rule: Rule): Rule {
  const everyDay: ByDay[] = [0, 1, 2, 3, 4, 5, 6].map((weekday) => ({ weekday, nth: null }));
  const byDay = rule.byDay.length === 0 && rule.byMonthDay.length === 0 ? everyDay : rule.byDay;
  return { ...rule, frequency: "MONTHLY", interval: 1, byDay, bySetPos: [] };
}

function monthOf(day: DayNumber): DayNumber {
  const { year, month } = ymdOf(day);
  return dayOf(year, month, 1);
}

const orNull = <Value>(values: Value[]): Value[] | null => (values.length === 0 ? null : values);

/**
 * The library takes `BYDAY=MO,1TU` for "a Monday that is the first Tuesday"; RFC 5545 means both.
 * Beside numbered weekdays, every plain one is therefore written as all its numbers: five in a
 * month, 53 in a year.
 */
function libraryWeekdays({ frequency, byMonth, byDay }: Rule): (number | Weekday)[] {
  if (byDay.every(({ nth }) => nth === null)) return byDay.map(({ weekday }) => weekday);
  const most = frequency === "YEARLY" && byMonth.length === 0 ? 53 : 5;
  return byDay.flatMap(({ weekday, nth }) =>
    nth === null ? Array.from({ length: most }, (_, at) => new Weekday(weekday, at + 1)) : new Weekday(weekday, nth),
  );
}
