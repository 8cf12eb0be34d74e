import { datesLeft, formatRule, occurrencesAfter, type Position, parseRule } from "@carillon/calendar/recurrence";
import { dayIn, dayText, endOfTimeMs, instantOf, startOfDay, type WallTime, wallTimeOf } from "@carillon/calendar/zone";
import { positionOf, type TaskState } from "../../tasks/index.ts";
import { utc } from "./ics.ts";

/** The rest of a series as a calendar counts it: from this task's date in it, on the clocks of its zone. */
export type IcsSeries = {
  /** The task's date in the series, and the wall time that the rule asks for. */
  at: Date;
  wall: WallTime;
  rrule: string;
  skipped: WallTime[];
};

/**
 * The series of an open task; null where no calendar can count it: without a rule, and where each date is
 * counted from the completion of the last one.
 *
 * COUNT becomes UNTIL: a first date outside the rule counts for some readers and for others not.
 */
export function seriesOf(row: TaskState["row"]): IcsSeries | null {
  const position = positionOf(row);
  const parsed = row.rrule === null ? null : parseRule(row.rrule);
  if (position === null || !parsed?.ok || position.anchor === "completion") return null;
  const { series, occurrenceAt } = position;
  const end = endOf(position);
  const open = formatRule({ ...parsed.rule, count: null, until: null });
  const until = series.allDay
    ? dayText(dayIn(end ?? occurrenceAt, series.timeZone)).replaceAll("-", "")
    : utc(end ?? occurrenceAt);
  return {
    at: occurrenceAt,
    wall: wallIn(occurrenceAt, position),
    rrule: end === null ? open : `${open};UNTIL=${until}`,
    skipped: series.skipped.filter((date) => date > occurrenceAt).map((date) => wallIn(date, position)),
  };
}

/** The last date the series may have, or null where nothing ends it. */
function endOf(position: Position): Date | null {
  const { series, occurrenceAt } = position;
  const { until } = series.rule;
  const ends: Date[] = series.endsAt === null ? [] : [series.endsAt];
  if (until?.kind === "instant") ends.push(until.at);
  if (until?.kind === "day") ends.push(new Date(startOfDay(until.day + 1, series.timeZone).getTime() - 1_000));
  const left = datesLeft(position);
  if (left !== null) {
    const rest = left === 0 ? [] : occurrencesAfter({ ...series, skipped: [] }, occurrenceAt, left);
    ends.push(rest.at(-1)?.at ?? occurrenceAt);
  }
  if (ends.length === 0) return null;
  const end = new Date(Math.min(...ends.map((date) => date.getTime())));
  return end < occurrenceAt ? occurrenceAt : new Date(Math.min(end.getTime(), endOfTimeMs - 1_000));
}

/** The wall time the rule asked for when it produced this date: a clock change may have moved it. */
function wallIn(date: Date, { series }: Position): WallTime {
  const own = wallTimeOf(date, series.timeZone);
  if (series.allDay) return { day: own.day, timeMs: 0 };
  const { timeMs } = wallTimeOf(series.startsAt, series.timeZone);
  const asked = [own.day, own.day - 1].map((day) => ({ day, timeMs }));
  return asked.find((wall) => instantOf(wall, series.timeZone).getTime() === date.getTime()) ?? own;
}
