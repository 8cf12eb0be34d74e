import {
  datesLeft,
  formatRule,
  movedSkips,
  occurrencesAfter,
  parseRule,
  planSeries,
} from "@carillon/calendar/recurrence";
import { dayText, wallTimeOf } from "@carillon/calendar/zone";
import type { TaskPatch } from "@carillon/contracts/http/tasks";
import { Problem } from "@carillon/kit/service";
import type { Change } from "../change/change.ts";
import { applyFields, type FieldPlan, planFields } from "./apply-fields.ts";
import { requireMatch } from "./etag.ts";
import { patchedFields, type Read, type TaskFields } from "./fields.ts";
import { loadTask } from "./load-task.ts";
import { positionOf } from "./position-of.ts";
import { saveTask } from "./save-task.ts";
import { seatedInZone } from "./seat-task.ts";
import { seriesChange } from "./series.ts";
import type { TaskRow, TaskState } from "./task-row.ts";

export type MovedSeries = { state: TaskState; note: string | null };

/**
 * The task with the sent fields changed, and its series from here on with it: the series restarts at
 * the task's new date, under the id it has, with as many dates as COUNT had left. `note` explains
 * what the rule makes of that; null when the task does not repeat.
 * @throws Problem 404, 422, 412 or 409, in this order.
 */
export async function moveSeries(change: Change, id: string, patch: TaskPatch, request: Request): Promise<MovedSeries> {
  const before = await loadTask(change.tx, change.userId, id);
  const there = seatedInZone(before, change.timeZone)?.after ?? before;
  const plan = planFromHere(change, there, patchedFields(there, patch, change.timeZone));
  requireMatch(request, before.row.version);
  if (before.row.completed_at && before.row.rrule !== null)
    throw new Problem("conflict", "This task is completed: move the series at the task that follows it.");
  const { after, turns } = await applyFields(change, plan);
  // What moved alone before may take the later dates with it now: the task itself then stays as it is.
  const also = isInPlace(before.row) ? {} : seriesChange(before.row, after.row);
  const state = await saveTask(change, before, after, "task.updated", turns, also);
  return { state, note: noteOf(state.row) };
}

/** The fields' plan for a series that begins with this task. */
function planFromHere(change: Change, before: TaskState, read: Read<TaskFields>): FieldPlan {
  const { row } = before;
  const begins = { ...before, row: { ...row, series_start: null } };
  const restarted = planFields(change, row.id, begins, read);
  if (restarted.series.rrule === null || row.series_id === null) return { ...restarted, before };
  const counted = read.value.pattern === row.recurring_pattern ? countedOn(row, restarted) : {};
  const plan = planFields(change, row.id, begins, { ...read, value: { ...restarted.fields, ...counted } });
  const series = { ...plan.series, series_id: row.series_id };
  return { ...plan, before, series: { ...series, excluded_dates: skipsFrom(row, { ...row, ...series }) } };
}

const isInPlace = ({ due_at, occurrence_at }: TaskRow): boolean => due_at?.getTime() === occurrence_at?.getTime();

/** A pause that is still to come stays one. */
function skipsFrom(before: TaskRow, after: TaskRow): Date[] {
  const [was, begins] = [positionOf(before), positionOf(after)];
  return was && begins ? movedSkips(was, begins.series) : [];
}

/** Keeps the number of dates that COUNT had left: a smaller COUNT, or, with none left, an end. */
function countedOn(row: TaskRow, { fields }: FieldPlan): Partial<TaskFields> {
  const position = positionOf(row);
  const left = position && datesLeft(position);
  const parsed = parseRule(fields.pattern ?? "");
  if (left === null || !parsed.ok) return {};
  const { pattern, dueAt, allDay, timeZone } = { ...fields, pattern: fields.pattern ?? "" };
  const restarted = planSeries({ pattern, dueAt, allDay, timeZone, endsAt: null, now: row.updated_at });
  // A first date that the rule itself produces is counted.
  const count = left + (restarted.ok ? restarted.firstOrdinal : 1);
  return count === 0 ? { endsAt: fields.dueAt } : { pattern: formatRule({ ...parsed.rule, count }) };
}

/** `Repeats every week on Monday; after this comes 2026-12-07 10:00.` */
function noteOf(row: TaskRow): string | null {
  const position = positionOf(row);
  if (position === null || row.due_at === null) return null;
  const [next] = occurrencesAfter(position.series, row.due_at, 1);
  if (next === undefined) return "This is the last date of the series.";
  const { day, timeMs } = wallTimeOf(next.at, row.time_zone);
  const time = row.all_day ? "" : ` ${new Date(timeMs).toISOString().slice(11, 16)}`;
  const then = `after this comes ${dayText(day)}${time}`;
  if (row.recurrence_anchor === "completion") return `Repeats ${row.rrule_text}, counted from each completion.`;
  return `Repeats ${row.rrule_text}; ${then}.`;
}
