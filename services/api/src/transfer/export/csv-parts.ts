import { dayIn, dayText, offsetMsAt } from "@carillon/calendar/zone";
import { type CsvColumn, csvColumns } from "@carillon/contracts/http/transfer";
import type { ApiDeps } from "../../deps.ts";
import { type TaskState, toTask } from "../../tasks/index.ts";
import { csvList, csvRow } from "../formats/csv.ts";
import { taskParts } from "./read-parts.ts";

/** The export as a table, part by part. */
export async function* csvParts(deps: ApiDeps, userId: string, { bom }: { bom: boolean }): AsyncGenerator<string> {
  yield (bom ? "\ufeff" : "") + csvRow(csvColumns);
  for await (const states of taskParts(deps, userId, { trash: true })) yield states.map(rowOf).join("");
}

function rowOf(state: TaskState): string {
  const task = toTask(state);
  const { time_zone: zone } = task;
  const cells: Record<CsvColumn, string | null> = {
    id: task.id,
    title: task.title,
    description: task.description,
    status: task.status,
    completed_at: local(task.completed_at, zone),
    priority: task.priority,
    due_date: task.all_day ? day(task.due_date, zone) : local(task.due_date, zone),
    time_zone: zone,
    all_day: String(task.all_day),
    tags: csvList(task.tags.map(({ name }) => name)),
    recurring_pattern: task.recurring_pattern,
    recurrence_anchor: task.recurrence?.anchor ?? null,
    recurrence_ends_at: local(task.recurrence?.ends_at ?? null, zone),
    reminders: csvList(task.reminders.flatMap(({ before, remind_at }) => before ?? local(remind_at, zone) ?? [])),
    series_id: task.series_id,
    parent_task_id: task.parent_task_id,
    created_at: local(task.created_at, zone),
    updated_at: local(task.updated_at, zone),
    deleted_at: local(task.deleted_at, zone),
  };
  return csvRow(csvColumns.map((column) => cells[column] ?? ""));
}

const day = (instant: string | null, zone: string): string | null =>
  instant === null ? null : dayText(dayIn(new Date(instant), zone));

/** The instant as the zone's clocks show it, with their offset: readable, and still one instant. */
function local(instant: string | null, zone: string): string | null {
  if (instant === null) return null;
  const at = new Date(instant);
  const offsetMs = offsetMsAt(at, zone);
  // RFC 3339 has no seconds in an offset; a few zones had, before 1972.
  if (offsetMs % 60_000 !== 0) return instant;
  const minutes = Math.abs(offsetMs) / 60_000;
  const two = (value: number): string => String(value).padStart(2, "0");
  const clock = new Date(at.getTime() + offsetMs).toISOString().slice(0, -1);
  return `${clock.replace(/\.000$/, "")}${offsetMs < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
