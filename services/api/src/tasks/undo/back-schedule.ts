import { dayIn, startOfDay } from "@carillon/calendar/zone";
import type { Changes } from "@carillon/contracts/event";
import type { Task } from "@carillon/contracts/http/tasks";
import type { Change } from "../../change/change.ts";
import { planFields } from "../apply-fields.ts";
import { fieldsOf } from "../fields.ts";
import { seriesChange } from "../series.ts";
import { type TaskRow, type TaskState, toTask } from "../task-row.ts";
import { dateOf, type Kept, type Standing, standingOf, type TaskEntry, textOf } from "./task-entry.ts";

/** What says when: taken back as a whole, for a date means nothing without its rule. */
const fields = ["due_date", "time_zone", "all_day", "recurring_pattern", "recurrence", "series_id"] as const;

export type BackSchedule = { row: TaskRow; fields: string[]; kept: Kept[]; also: Changes };

/** The row with the dates, the zone and the rule it had before the entry; as it is, with the fields named, where they were changed since. */
export function backSchedule(change: Change, state: TaskState, entry: TaskEntry): BackSchedule {
  const { row } = state;
  const task = toTask(state);
  const { changes } = placed(entry, row);
  const standings = standingsOf(state, entry);
  const changed = standings.filter(({ standing }) => standing === "changed");
  const none = { row, fields: [], kept: [], also: {} };
  if (changed.length > 0) return { ...none, kept: changed.map(({ field }) => ({ field, reason: "changed" as const })) };
  if (!standings.some(({ standing }) => standing === "left")) return none;
  // What follows one that was completed since counts from where it stands.
  if (row.completed_at && row.completed_at > entry.at && standings.some(({ field }) => field === "skipped_dates"))
    return { ...none, kept: [{ field: "due_date", reason: "completed" }] };
  const back = restored(change, state, task, changes);
  // The place alone is a change too, of a series that moved to where its task was.
  const also = { ...skippedBetween(row.excluded_dates, back.excluded_dates), ...seriesChange(row, back) };
  return { row: back, fields: standings.map(({ field }) => field), kept: [], also };
}

/** How the dates, the rule and the place of the entry stand; without what is not in it. */
export function standingsOf(state: TaskState, entry: TaskEntry): { field: string; standing: Standing }[] {
  const task = toTask(state);
  const { changes } = placed(entry, state.row);
  return [
    ...fields.map((field) => ({ field: field as string, standing: standingOf(changes, field, task[field]) })),
    { field: "skipped_dates", standing: standingOfPlace(changes, state.row) },
  ].filter(({ standing }) => standing !== "absent");
}

/** The entry with its whole days where the task's are now: a change of zone moved them since, not a decision. */
function placed(entry: TaskEntry, { all_day, time_zone }: TaskRow): TaskEntry {
  const from = entry.timeZone;
  if (!all_day || from === null || from === time_zone || entry.changes.time_zone || entry.changes.all_day) return entry;
  const moved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(moved);
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, moved(member)]));
    const at = dateOf(value);
    return at ? startOfDay(dayIn(at, from), time_zone).toISOString() : value;
  };
  const dated = ["due_date", "series", "skipped_date", "skipped_dates"];
  const changes = Object.entries(entry.changes).map(([field, sides]) => [
    field,
    dated.includes(field) ? sides.map(moved) : sides,
  ]);
  return { ...entry, changes: Object.fromEntries(changes), timeZone: time_zone };
}

/** How the task's place in its series stands. */
function standingOfPlace(changes: Changes, row: TaskRow): Standing {
  const sides = changes.series?.map(sideOf);
  if (!sides) {
    const skipped = skippedBy(changes);
    if (skipped.length === 0) return "absent";
    return skipped.every((date) => hasDate(row.excluded_dates, date)) ? "left" : "changed";
  }
  const [old, now] = sides;
  const stands = (side: Side | undefined, other: Side | undefined): boolean =>
    dateOf(side?.occurrence_at)?.getTime() === row.occurrence_at?.getTime() &&
    dateOf(side?.start)?.getTime() === row.series_start?.getTime() &&
    datesOf(side?.excluded_dates).every((date) => hasDate(row.excluded_dates, date)) &&
    !datesOf(other?.excluded_dates).some((date) => hasDate(row.excluded_dates, date));
  if (stands(now, old)) return "left";
  return stands(old, now) ? "back" : "changed";
}

const hasDate = (dates: readonly Date[], date: Date): boolean => dates.some((one) => one.getTime() === date.getTime());

/** What the history says of skipped dates, which a task does not show. */
function skippedBetween(before: readonly Date[], after: readonly Date[]): Changes {
  const only = (dates: readonly Date[], others: readonly Date[]): string[] | null => {
    const these = dates.filter((date) => !hasDate(others, date)).map((date) => date.toISOString());
    return these.length > 0 ? these : null;
  };
  const [gone, come] = [only(before, after), only(after, before)];
  return gone || come ? { skipped_dates: [gone, come] } : {};
}

function restored(change: Change, state: TaskState, task: Task, changes: Changes): TaskRow {
  const { row } = state;
  const before = <Field extends keyof Task>(field: Field): Task[Field] =>
    // Sound: an entry's sides are what the task showed then.
    (changes[field] ? (changes[field][0] ?? null) : task[field]) as Task[Field];
  const recurrence = before("recurrence");
  const dated: TaskRow = {
    ...row,
    due_at: dateOf(before("due_date")),
    time_zone: textOf(before("time_zone")) ?? row.time_zone,
    all_day: before("all_day") === true,
    recurring_pattern: textOf(before("recurring_pattern")),
    rrule: recurrence?.rrule ?? null,
    rrule_text: recurrence?.text ?? null,
    recurrence_anchor: recurrence?.anchor === "completion" ? "completion" : "due_date",
    recurrence_ends_at: dateOf(recurrence?.ends_at),
    series_id: textOf(before("series_id")),
  };
  if (dated.rrule === null) return { ...dated, ...nowhere };
  if (changes.series) return { ...dated, ...seriesBack(row, changes) };
  if (skippedBy(changes).length > 0) return { ...dated, ...skippedBack(row, skippedBy(changes)) };
  return changes.recurring_pattern || changes.recurrence ? { ...dated, ...begunAgain(change, state, dated) } : dated;
}

type Place = Pick<TaskRow, "series_start" | "occurrence_at" | "excluded_dates" | "series_ordinal">;

const nowhere: Place = { series_start: null, occurrence_at: null, excluded_dates: [], series_ordinal: null };

function seriesBack(row: TaskRow, changes: Changes): Place {
  const [old, now] = [sideOf(changes.series?.[0]), sideOf(changes.series?.[1])];
  const added = datesOf(now.excluded_dates);
  const kept = row.excluded_dates.filter((date) => !hasDate(added, date));
  const gone = datesOf(old.excluded_dates).filter((date) => !hasDate(kept, date));
  return {
    series_start: dateOf(old.start),
    occurrence_at: dateOf(old.occurrence_at),
    excluded_dates: [...gone, ...kept],
    series_ordinal: typeof old.ordinal === "number" ? old.ordinal : null,
  };
}

/** Of an entry of an older release, without places: the first date left out is the one the task had. */
const skippedBack = (row: TaskRow, skipped: readonly Date[]): Place => ({
  series_start: row.series_start,
  occurrence_at: skipped[0] ?? row.occurrence_at,
  excluded_dates: row.excluded_dates.filter((date) => !hasDate(skipped, date)),
  series_ordinal: row.series_ordinal === null ? null : Math.max(0, row.series_ordinal - skipped.length),
});

/** Of an entry of an older release, without places: the series begins again here. @throws Problem 422 where the rule has no date any more. */
function begunAgain(change: Change, state: TaskState, dated: TaskRow): Place {
  const value = fieldsOf({ ...state, row: dated, reminders: [] });
  const begins = { ...state, row: { ...dated, series_start: null } };
  const { series } = planFields(change, dated.id, begins, { value, errors: [] });
  const { series_start, occurrence_at, excluded_dates, series_ordinal } = series;
  return { series_start, occurrence_at, excluded_dates, series_ordinal };
}

const skippedBy = ({ skipped_date, skipped_dates }: Changes): Date[] =>
  datesOf(skipped_dates?.[1] ?? (skipped_date ? [skipped_date[1]] : []));

const datesOf = (value: unknown): Date[] => (Array.isArray(value) ? value.flatMap((one) => dateOf(one) ?? []) : []);

type Side = Record<string, unknown>;

const sideOf = (value: unknown): Side =>
  // Sound: any object may be looked into.
  typeof value === "object" && value !== null ? (value as Side) : {};
