import { planSeries } from "@carillon/calendar/recurrence";
import type { SeriesPosition } from "@carillon/contracts/events/task.v1";
import type { InputError } from "@carillon/contracts/problem";
import type { TaskFields } from "./fields.ts";
import type { TaskRow } from "./task-row.ts";

export type SeriesColumns = Pick<
  TaskRow,
  | "recurring_pattern"
  | "rrule"
  | "rrule_text"
  | "recurrence_anchor"
  | "recurrence_ends_at"
  | "series_id"
  | "series_start"
  | "occurrence_at"
  | "excluded_dates"
  | "series_ordinal"
>;

export type Planned =
  | { ok: true; columns: SeriesColumns; dueAt: Date | null; allDay: boolean }
  | { ok: false; errors: InputError[] };

const none: SeriesColumns = {
  recurring_pattern: null,
  rrule: null,
  rrule_text: null,
  recurrence_anchor: "due_date",
  recurrence_ends_at: null,
  series_id: null,
  series_start: null,
  occurrence_at: null,
  excluded_dates: [],
  series_ordinal: null,
};

/**
 * What these fields mean for the task's series. Another pattern, zone or anchor starts a new series
 * here, and so does turning days into times or back; another due date alone moves only this
 * occurrence, whose date in the series stays the same.
 */
export function planned(before: TaskRow | null, fields: TaskFields, { id, now }: { id: string; now: Date }): Planned {
  const { pattern, timeZone, anchor, endsAt, dueAt, allDay } = fields;
  if (pattern === null) {
    const errors = orphans(fields);
    return errors.length > 0 ? { ok: false, errors } : { ok: true, columns: none, dueAt, allDay };
  }
  if (before?.due_at && before.recurring_pattern === pattern && !dueAt) {
    return {
      ok: false,
      errors: [{ pointer: "/due_date", detail: "a recurring task needs one; clear recurring_pattern too" }],
    };
  }
  const same =
    before?.recurring_pattern === pattern &&
    before.time_zone === timeZone &&
    before.recurrence_anchor === anchor &&
    before.all_day === allDay &&
    before.series_start;
  const startsAt = same ? before.series_start : dueAt;
  const plan = planSeries({ pattern, dueAt: startsAt, allDay, timeZone, endsAt, now });
  if (!plan.ok)
    return { ok: false, errors: plan.errors.map(({ field, detail }) => ({ pointer: `/${field}`, detail })) };
  const columns = {
    recurring_pattern: pattern,
    rrule: plan.rrule,
    rrule_text: plan.text,
    recurrence_anchor: anchor,
    recurrence_ends_at: endsAt,
  };
  if (same) {
    const { series_id, series_start, occurrence_at, excluded_dates, series_ordinal } = before;
    const kept = { series_id, series_start, occurrence_at, excluded_dates, series_ordinal };
    return { ok: true, columns: { ...columns, ...kept }, dueAt, allDay };
  }
  const series_ordinal = anchor === "completion" ? plan.firstOrdinal : null;
  const start = {
    series_id: id,
    series_start: plan.dueAt,
    occurrence_at: plan.dueAt,
    excluded_dates: [],
    series_ordinal,
  };
  return { ok: true, columns: { ...columns, ...start }, dueAt: plan.dueAt, allDay: plan.allDay };
}

/** A recurring task's position in its series, for computing the next date. */
export const seriesPosition = (row: TaskRow): SeriesPosition => ({
  start: row.series_start?.toISOString() ?? null,
  occurrence_at: row.occurrence_at?.toISOString() ?? null,
  excluded_dates: row.excluded_dates.map((date) => date.toISOString()),
  ordinal: row.series_ordinal,
});

/**
 * How the task's place in its series differs, as the history keeps it: of the skipped dates only those that one side lacks, for the list
 * is long and grows by one. Undoing goes by it.
 */
export function seriesChange(before: TaskRow, after: TaskRow): { series?: [SeriesPosition, SeriesPosition] } {
  const [old, now] = [seriesPosition(before), seriesPosition(after)];
  if (Bun.deepEquals(old, now)) return {};
  const [there, here] = [new Set(old.excluded_dates), new Set(now.excluded_dates)];
  return {
    series: [
      { ...old, excluded_dates: old.excluded_dates.filter((date) => !here.has(date)) },
      { ...now, excluded_dates: now.excluded_dates.filter((date) => !there.has(date)) },
    ],
  };
}

/** An end or an anchor says something about a rule; without one it would be lost in silence. */
function orphans({ anchor, endsAt }: TaskFields): InputError[] {
  const errors: InputError[] = [];
  if (endsAt) errors.push({ pointer: "/recurrence_ends_at", detail: "needs a recurring_pattern" });
  if (anchor !== "due_date") errors.push({ pointer: "/recurrence_anchor", detail: "needs a recurring_pattern" });
  return errors;
}
