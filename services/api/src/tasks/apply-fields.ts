import { endOfTimeMs } from "@carillon/calendar/zone";
import type { InputError } from "@carillon/contracts/problem";
import { invalid } from "@carillon/kit/service";
import type { Change } from "../change/change.ts";
import { ensureTags } from "../tags/index.ts";
import type { Read, TaskFields } from "./fields.ts";
import { reconcile, reminderErrors } from "./reminders/reconcile.ts";
import type { ReminderTurn } from "./reminders/save-reminders.ts";
import { planned, type SeriesColumns } from "./series.ts";
import { emptyRow, type TaskRow, type TaskState } from "./task-row.ts";

/** Fields that fit each other, and their meaning for the task of this id; `before` is null for a new one. */
export type FieldPlan = { id: string; before: TaskState | null; fields: TaskFields; series: SeriesColumns };

/**
 * What these fields would make of the task; nothing is read or written.
 * @throws Problem 422 naming every field that does not fit the others.
 */
export function planFields(
  { now }: { now: Date },
  id: string,
  before: TaskState | null,
  { value, errors }: Read<TaskFields>,
): FieldPlan {
  const series = planned(before?.row ?? null, value, { id, now });
  const fields = { ...value, ...(series.ok ? { dueAt: series.dueAt, allDay: series.allDay } : {}) };
  const wrong = [
    ...errors,
    ...(series.ok || errors.length > 0 ? [] : series.errors),
    ...rangeErrors(fields.dueAt),
    ...reminderErrors(fields.reminders, fields),
  ];
  if (wrong.length > 0 || !series.ok) throw invalid(...firstOfEach(wrong));
  return { id, before, fields, series: series.columns };
}

export type Applied = { after: TaskState; turns: ReminderTurn[] };

/** The task with the planned fields. Missing tags are created. @throws Problem 409 when there are too many. */
export async function applyFields(change: Change, { id, before, fields, series }: FieldPlan): Promise<Applied> {
  const tags = await ensureTags(change, fields.tagNames);
  const { reminders, turns } = reconcile(before, fields.reminders, fields, change);
  const row: TaskRow = {
    ...(before?.row ?? emptyRow({ ...change, id })),
    title: fields.title,
    description: fields.description,
    priority: fields.priority,
    due_at: fields.dueAt,
    time_zone: fields.timeZone,
    all_day: fields.allDay,
    tag_ids: tags.map((tag) => tag.id),
    ...series,
  };
  return { after: { row, tags, reminders }, turns };
}

/** The first instant of a whole day may be outside what a request may name; such an answer could not be sent back. */
function rangeErrors(dueAt: Date | null): InputError[] {
  if (!dueAt || (dueAt.getTime() >= 0 && dueAt.getTime() < endOfTimeMs)) return [];
  return [{ pointer: "/due_date", detail: "must be in 1970–2199 (UTC), also where its day begins" }];
}

const firstOfEach = (errors: readonly InputError[]): InputError[] =>
  errors.filter(({ pointer }, index) => errors.findIndex((other) => other.pointer === pointer) === index);
