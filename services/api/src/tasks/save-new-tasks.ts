import { columnsOf } from "@carillon/kit/database";
import type { Change } from "../change/change.ts";
import { changesBetween } from "../change/event.ts";
import { reminders } from "../schema/tasks.ts";
import { overdueFrom } from "./overdue.ts";
import { type ReminderTurn, sayReminders } from "./reminders/save-reminders.ts";
import { seriesOf, tracked } from "./save-task.ts";
import { searchEdition, searchVector } from "./search-text.ts";
import { type TaskState, taskColumns, toTask } from "./task-row.ts";

/** A task that is not there yet, and the changes of its reminders. */
export type NewState = { state: TaskState; turns: ReminderTurn[] };

/** Maximum rows in one statement. */
const rowsAtOnce = 200;

/**
 * Writes many new tasks, each with events of its own as `saveTask` writes them, with few statements.
 * `updated_at` stays as it is given.
 */
export async function saveNewTasks(change: Change, made: readonly NewState[]): Promise<void> {
  for (let at = 0; at < made.length; at += rowsAtOnce) await saveSome(change, made.slice(at, at + rowsAtOnce));
}

const written: string[] = [...taskColumns, "change_seq", "overdue_at"];
const reminderColumns: string[] = columnsOf(reminders);

async function saveSome(change: Change, made: readonly NewState[]): Promise<void> {
  const { tx, userId } = change;
  const rows: Record<string, unknown>[] = [];
  const bells: Record<string, unknown>[] = [];
  for (const { state, turns } of made) {
    const saved: TaskState = { ...state, row: { ...state.row, version: state.row.version + 1 } };
    const { row } = saved;
    const task = toTask(saved);
    const seq = change.say({
      type: "task.created",
      entityId: row.id,
      taskId: row.id,
      version: row.version,
      changes: changesBetween(null, task, tracked),
      more: { task_data: task, ...seriesOf(saved) },
    });
    const seqs = sayReminders(change, saved, turns);
    const words = searchVector(row.title, row.description);
    rows.push({ ...row, change_seq: seq, overdue_at: overdueFrom(row), words });
    for (const reminder of saved.reminders)
      bells.push({ ...reminder, user_id: userId, task_id: row.id, change_seq: seqs.get(reminder.id) ?? seq });
  }
  const columns = tx(written);
  await tx`
    insert into api.tasks (${columns}, search, search_edition)
    select ${tx(written.map((column) => `r.${column}`))}, (one ->> 'words')::tsvector, ${searchEdition}::int2
    from jsonb_array_elements(${tx.json(rows as never)}) one, jsonb_populate_record(null::api.tasks, one) r`;
  if (bells.length === 0) return;
  const own = tx(reminderColumns);
  await tx`
    insert into api.reminders (${own})
    select ${own} from jsonb_populate_recordset(null::api.reminders, ${tx.json(bells as never)})`;
}
