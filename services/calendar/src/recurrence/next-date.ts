import { dayIn, instantOf, startOfDay, wallTimeOf } from "../zone/zone.ts";
import { datesFrom, type Occurrence, occurrencesAfter, type Series } from "./occurrences.ts";

/** Where the next date is counted from: the series' own dates, or the day each one is completed. */
export type Anchor = "due_date" | "completion";

/** The series' next date, or its end: then there is no successor and nothing to skip to. */
export type NextDate = ({ kind: "date" } & Occurrence) | { kind: "ended" };

/**
 * What finding the next date needs from a recurring task. `occurrenceAt` is its own date in the
 * series, unmoved when the user moves `due_date`. `ordinal` is how many of COUNT's dates the series
 * has used, this one included; only the `completion` anchor needs it, whose dates are in no fixed
 * list (see `firstOrdinal` of `planSeries`; each next one adds one).
 */
export type Position = { series: Series; anchor: Anchor; occurrenceAt: Date; ordinal: number };

/**
 * The date of the task that follows a completed one.
 *
 * `due_date`: the first of the series after its own date that is not over at the completion, so
 * that missed dates are skipped; a whole day is over only at the next local midnight. `completion`:
 * the rule counted from the day of the completion in the zone, at the series' time of day, on a
 * later day.
 */
export function dateAfterCompletion(position: Position, completedAt: Date): NextDate {
  const { series, anchor, occurrenceAt } = position;
  if (anchor === "completion") return countedFrom(position, completedAt);
  const after = new Date(Math.max(lastOver(series, completedAt).getTime(), occurrenceAt.getTime()));
  return nextDate(occurrencesAfter(series, after, 1));
}

/**
 * Dates of the series up to this instant are over at that moment; for whole days, those that began
 * before the current one.
 */
export const lastOver = ({ allDay, timeZone }: Series, moment: Date): Date =>
  allDay ? new Date(startOfDay(dayIn(moment, timeZone), timeZone).getTime() - 1) : moment;

/**
 * The date a skipped task moves to: the next of the series, even if past. With `completion` it counts
 * from the skipped date's own day.
 */
export function dateAfterSkip(position: Position): NextDate {
  if (position.anchor === "completion") return countedFrom(position, position.occurrenceAt);
  return nextDate(occurrencesAfter(position.series, position.occurrenceAt, 1));
}

function countedFrom({ series, ordinal }: Position, moment: Date): NextDate {
  const { rule, startsAt, timeZone, allDay } = series;
  if (rule.count !== null && ordinal >= rule.count) return { kind: "ended" };
  const base = { day: dayIn(moment, timeZone), timeMs: wallTimeOf(startsAt, timeZone).timeMs };
  const from = allDay ? startOfDay(base.day, timeZone) : instantOf(base, timeZone);
  // COUNT is tracked by the ordinal: every completion starts a list of its own.
  return nextDate(datesFrom({ ...series, rule: { ...rule, count: null } }, base, from, 1));
}

const nextDate = ([first]: Occurrence[]): NextDate =>
  first === undefined ? { kind: "ended" } : { kind: "date", ...first };
