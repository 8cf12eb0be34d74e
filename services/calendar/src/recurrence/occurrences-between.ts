import { type DayNumber, lastDay } from "../zone/day.ts";
import { dayIn, instantOf, startOfDay, wallTimeOf } from "../zone/zone.ts";
import { lastOver, type Position } from "./next-date.ts";
import { datesOn, type Occurrence, type Series } from "./occurrences.ts";
import { softened } from "./rule.ts";
import { ruleDayScan } from "./rule-days.ts";

/** From an instant (included) to another (excluded); `now` decides which dates are over. */
export type Window = { from: Date; to: Date; now: Date };

/**
 * The dates of an open series in the window that are not over and come after its own, ascending: the
 * tasks created if each is completed on its day. A forecast for many series at once, so it uses our
 * scan alone, without the library's second opinion.
 */
export function occurrencesBetween(position: Position, { from, to, now }: Window): Occurrence[] {
  const { series, anchor, occurrenceAt } = position;
  const over = lastOver(series, now).getTime();
  const after = new Date(Math.max(occurrenceAt.getTime(), from.getTime() - 1, over));
  if (after >= to) return [];
  const found = anchor === "completion" ? chain(position, over, to) : fixed(series, after, to);
  return found.filter(({ at }) => at > after && at < to);
}

function fixed(series: Series, after: Date, to: Date): Occurrence[] {
  const start = wallTimeOf(series.startsAt, series.timeZone);
  return datesOn(series, start, after, daysUntil(series, start.day, { after, to }), Number.POSITIVE_INFINITY);
}

/**
 * The days the rule produces for the series, from around `after` to around `to`, with earlier ones
 * counted where COUNT ends it.
 */
function* daysUntil(
  series: Series,
  startDay: DayNumber,
  { after, to }: { after: Date; to: Date },
): Generator<DayNumber> {
  const { rule, timeZone } = series;
  const nextDay = ruleDayScan(softened(rule, startDay), startDay);
  const [first, end] = [dayIn(after, timeZone) - 1, Math.min(dayIn(to, timeZone) + 1, lastDay)];
  let left = rule.count ?? Number.POSITIVE_INFINITY;
  let from = rule.count === null ? Math.max(startDay + 1, first) : startDay;
  for (let day = nextDay(from); day !== null && day <= end && left > 0; day = nextDay(from)) {
    if (day > startDay && day >= first) yield day;
    left--;
    from = day + 1;
  }
}

/** Each date counted from the previous one, the first from the task's own or from today, whichever is later. */
function chain({ series, occurrenceAt, ordinal }: Position, overMs: number, to: Date): Occurrence[] {
  const { rule, startsAt, timeZone, allDay } = series;
  const uncounted: Series = { ...series, rule: { ...rule, count: null } };
  const { timeMs } = wallTimeOf(startsAt, timeZone);
  const found: Occurrence[] = [];
  let base = dayIn(new Date(Math.max(occurrenceAt.getTime(), overMs)), timeZone);
  for (let used = ordinal; used < (rule.count ?? Number.POSITIVE_INFINITY); used++) {
    const wall = { day: base, timeMs };
    const from = allDay ? startOfDay(base, timeZone) : instantOf(wall, timeZone);
    if (from >= to) break;
    const [next] = datesOn(uncounted, wall, from, daysFrom(uncounted, base), 1);
    if (next === undefined) break;
    found.push(next);
    base = next.wall.day;
  }
  return found;
}

function* daysFrom({ rule }: Series, startDay: DayNumber): Generator<DayNumber> {
  const nextDay = ruleDayScan(softened(rule, startDay), startDay);
  for (let day = nextDay(startDay + 1); day !== null; day = nextDay(day + 1)) yield day;
}
