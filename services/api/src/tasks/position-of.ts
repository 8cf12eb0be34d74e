import { type Position, parseRule } from "@carillon/calendar/recurrence";
import type { TaskRow } from "./task-row.ts";

/** Columns with the position of a recurring task in its series. */
type SeriesRow = Pick<
  TaskRow,
  | "recurring_pattern"
  | "series_start"
  | "occurrence_at"
  | "recurrence_anchor"
  | "series_ordinal"
  | "time_zone"
  | "all_day"
  | "recurrence_ends_at"
  | "excluded_dates"
>;

/** The task's position in its series, as the engine takes it; null when it does not recur. */
export function positionOf(row: SeriesRow): Position | null {
  const { recurring_pattern, series_start, occurrence_at, recurrence_anchor, series_ordinal } = row;
  const parsed = recurring_pattern === null ? null : parseRule(recurring_pattern);
  if (!parsed?.ok || !series_start || !occurrence_at) return null;
  const series = {
    rule: parsed.rule,
    startsAt: series_start,
    timeZone: row.time_zone,
    allDay: row.all_day,
    endsAt: row.recurrence_ends_at,
    skipped: row.excluded_dates,
  };
  return { series, anchor: recurrence_anchor, occurrenceAt: occurrence_at, ordinal: series_ordinal ?? 1 };
}
