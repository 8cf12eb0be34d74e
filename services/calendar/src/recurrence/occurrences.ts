import { type DayNumber, endOfTimeMs } from "../zone/day.ts";
import { dayIn, instantOf, startOfDay, type WallTime, wallTimeOf } from "../zone/zone.ts";
import { ruleDays } from "./expand.ts";
import { type Rule, softened } from "./rule.ts";

/**
 * A series as stored: the rule as the user wrote it and the date it counts from. `startsAt` is the
 * first date whether or not the rule would produce it; if not, it is an extra one that COUNT does
 * not count (as in python-dateutil).
 */
export type Series = {
  rule: Rule;
  startsAt: Date;
  timeZone: string;
  /** The dates are days: each is the first instant of its day in the zone, also where clocks skip midnight. */
  allDay: boolean;
  /** No date after this instant. */
  endsAt: Date | null;
  /** Removed dates (RFC 5545 EXDATE); COUNT still counts them. */
  skipped: readonly Date[];
};

/** A date of the series, and the wall time the rule asked for: they differ where a clock change skips the time. */
export type Occurrence = { at: Date; wall: WallTime };

/**
 * At most `limit` dates of the series strictly after `after`, ascending. Excludes the first date
 * itself and anything beyond COUNT, UNTIL, `endsAt` or 2199-12-31.
 *
 * Times are wall-clock times: 09:00 stays 09:00 across a clock change; in a gap it moves forward by
 * the gap, in an overlap it is the first of the two. Where a zone once skipped a whole day, two
 * wall times are one instant, and one date.
 */
export function occurrencesAfter(series: Series, after: Date, limit: number): Occurrence[] {
  const start = wallTimeOf(series.startsAt, series.timeZone);
  return datesFrom(series, start, after > series.startsAt ? after : series.startsAt, limit);
}

/**
 * The same for a rule that counts from another day than the series' first. From its wall time, not its
 * instant: on the day of a clock change the series' time of day may not exist, and must come back
 * on the next.
 */
export function datesFrom(series: Series, start: WallTime, after: Date, limit: number): Occurrence[] {
  const { rule, timeZone, skipped } = series;
  // A gap moves a date by a day at most (Samoa skipped 30 December 2011).
  const fromDay = Math.max(start.day + 1, dayIn(after, timeZone) - 1);
  const exceptions = skipped.filter((date) => date > after).length;
  const days = ruleDays(softened(rule, start.day), start.day, fromDay, limit + exceptions + 3);
  return datesOn(series, start, after, days, limit);
}

/** At most `limit` dates of the series strictly after `after`, on days (ascending) that its rule produces. */
export function datesOn(
  series: Series,
  start: WallTime,
  after: Date,
  days: Iterable<DayNumber>,
  limit: number,
): Occurrence[] {
  const { timeZone, allDay, skipped } = series;
  const afterMs = after.getTime();
  const exceptions = new Set(skipped.map((date) => date.getTime()).filter((ms) => ms > afterMs));
  const found: Occurrence[] = [];
  let latest = afterMs;
  for (const day of days) {
    const wall = { day, timeMs: allDay ? 0 : start.timeMs };
    const at = allDay ? startOfDay(day, timeZone) : instantOf(wall, timeZone);
    if (isPast(series, wall, at)) break;
    if (at.getTime() <= latest) continue;
    latest = at.getTime();
    if (!exceptions.has(latest)) found.push({ at, wall });
    if (found.length === limit) break;
  }
  return found;
}

/**
 * True once the series is over at this date. UNTIL as a day refers to the calendar, so a date that a
 * gap pushed past midnight still counts.
 */
function isPast({ rule: { until }, endsAt }: Series, wall: WallTime, at: Date): boolean {
  if (at.getTime() >= endOfTimeMs) return true;
  if (endsAt !== null && at.getTime() > endsAt.getTime()) return true;
  if (until === null) return false;
  return until.kind === "day" ? wall.day > until.day : at.getTime() > until.at.getTime();
}
