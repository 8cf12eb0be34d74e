import type { EventType } from "@carillon/contracts/catalog";
import type { Changes } from "@carillon/contracts/event";
import type { Task } from "@carillon/contracts/http/tasks";
import type { Change } from "../change/change.ts";
import { changesBetween } from "../change/event.ts";
import { overdueFrom } from "./overdue.ts";
import { type ReminderTurn, sayReminders, writeReminders } from "./reminders/save-reminders.ts";
import { searchEdition, searchVector } from "./search-text.ts";
import { seriesChange, seriesPosition } from "./series.ts";
import { type TaskState, taskColumns, toTask } from "./task-row.ts";

/** Fields whose change is a change of the task. `version`, `updated_at` and derived fields are not. */
export const tracked = [
  "title",
  "description",
  "completed_at",
  "priority",
  "due_date",
  "time_zone",
  "all_day",
  "tags",
  "recurring_pattern",
  "recurrence",
  "parent_task_id",
  "series_id",
  "reminders",
  "deleted_at",
] as const satisfies readonly (keyof Task)[];

/**
 * Writes a task's new state and its events: `type` for the task, then one for each change of a
 * reminder. Without a difference nothing is written or published and the version stays; `also`
 * names differences beyond a task's visible fields.
 */
export async function saveTask(
  change: Change,
  before: TaskState | null,
  after: TaskState,
  type: EventType,
  turns: readonly ReminderTurn[] = [],
  also: Changes = {},
): Promise<TaskState> {
  const shown = { ...changesBetween(before && toTask(before), toTask(after), tracked), ...also };
  if (before && Object.keys(shown).length === 0) return before;
  const changes = { ...shown, ...(before ? seriesChange(before.row, after.row) : {}) };
  // A new task counts from 0, or from where one of the same id was removed for good.
  const version = (before ?? after).row.version + 1;
  const saved: TaskState = { ...after, row: { ...after.row, version, updated_at: change.now } };
  const { id } = saved.row;
  const seq = change.say({
    type,
    entityId: id,
    taskId: id,
    version,
    changes,
    more: { task_data: toTask(saved), ...seriesOf(saved) },
  });
  const reminderSeqs = sayReminders(change, saved, turns);
  await writeRow(change, before, saved, seq);
  await writeReminders(change, { before: before?.reminders ?? [], after: saved, seq, reminderSeqs });
  return saved;
}

/** What the recurrence engine needs besides the task, so that it never has to ask. */
export const seriesOf = ({ row }: TaskState) => (row.rrule === null ? {} : { series: seriesPosition(row) });

async function writeRow({ tx }: Change, before: TaskState | null, { row }: TaskState, seq: number): Promise<void> {
  const written: string[] = [...taskColumns, "change_seq", "overdue_at"];
  const columns = tx(written);
  const values = { ...row, change_seq: seq, overdue_at: overdueFrom(row) };
  const record = tx`jsonb_populate_record(null::api.tasks, ${tx.json(values as never)})`;
  const words = tx`${searchVector(row.title, row.description)}::text::tsvector, ${searchEdition}::int2`;
  if (!before) {
    await tx`insert into api.tasks (${columns}, search, search_edition) select ${columns}, ${words} from ${record}`;
    return;
  }
  const sameWords = before.row.title === row.title && before.row.description === row.description;
  await tx`
    update api.tasks set (${columns}, search, search_edition) = (select ${columns}, ${sameWords ? tx`api.tasks.search, api.tasks.search_edition` : words} from ${record})
    where user_id = ${row.user_id} and id = ${row.id}`;
}
