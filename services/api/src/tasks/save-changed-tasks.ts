import type { EventType } from "@carillon/contracts/catalog";
import { columnsOf } from "@carillon/kit/database";
import type { Change } from "../change/change.ts";
import { changesBetween } from "../change/event.ts";
import { reminders } from "../schema/tasks.ts";
import { overdueFrom } from "./overdue.ts";
import { type ReminderTurn, sayReminders } from "./reminders/save-reminders.ts";
import { seriesOf, tracked } from "./save-task.ts";
import { searchEdition, searchVector } from "./search-text.ts";
import { seriesChange } from "./series.ts";
import { type TaskState, taskColumns, toTask } from "./task-row.ts";

/** A task that is there, what becomes of it, and the changes of its reminders. */
export type ChangedTask = { before: TaskState; after: TaskState; type: EventType; turns: readonly ReminderTurn[] };

/** Maximum rows in one statement. */
const rowsAtOnce = 200;

/** Writes many changed tasks, each with events of its own as `saveTask` writes them, with few statements. */
export async function saveChangedTasks(change: Change, changed: readonly ChangedTask[]): Promise<void> {
  for (let at = 0; at < changed.length; at += rowsAtOnce) await saveSome(change, changed.slice(at, at + rowsAtOnce));
}

const written: string[] = [...taskColumns, "change_seq", "overdue_at"].filter(
  (name) => name !== "user_id" && name !== "id",
);
const reminderColumns: string[] = columnsOf(reminders);

async function saveSome(change: Change, changed: readonly ChangedTask[]): Promise<void> {
  const { tx, userId } = change;
  const rows: Record<string, unknown>[] = [];
  const bells: Record<string, unknown>[] = [];
  const gone: { task_id: string; id: string; seq: number }[] = [];
  for (const { before, after, type, turns } of changed) {
    const shown = changesBetween(toTask(before), toTask(after), tracked);
    if (Object.keys(shown).length === 0) continue;
    const saved: TaskState = {
      ...after,
      row: { ...after.row, version: before.row.version + 1, updated_at: change.now },
    };
    const { row } = saved;
    const changes = { ...shown, ...seriesChange(before.row, row) };
    const more = { task_data: toTask(saved), ...seriesOf(saved) };
    const seq = change.say({ type, entityId: row.id, taskId: row.id, version: row.version, changes, more });
    const seqs = sayReminders(change, saved, turns);
    const words = searchVector(row.title, row.description);
    rows.push({ ...row, change_seq: seq, overdue_at: overdueFrom(row), words });
    const known = new Map(before.reminders.map((one) => [one.id, one]));
    for (const one of saved.reminders) {
      if (!Bun.deepEquals(one, known.get(one.id)))
        bells.push({ ...one, user_id: userId, task_id: row.id, change_seq: seqs.get(one.id) ?? seq });
      known.delete(one.id);
    }
    for (const id of known.keys()) gone.push({ task_id: row.id, id, seq });
  }
  if (rows.length === 0) return;
  await tx`
    update api.tasks t set (${tx(written)}, search, search_edition) =
      (select ${tx(written.map((column) => `r.${column}`))}, (one ->> 'words')::tsvector, ${searchEdition}::int2)
    from jsonb_array_elements(${tx.json(rows as never)}) one, jsonb_populate_record(null::api.tasks, one) r
    where t.user_id = ${userId} and t.id = r.id`;
  await removeReminders(change, gone);
  if (bells.length === 0) return;
  const own = tx(reminderColumns);
  await tx`
    insert into api.reminders (${own})
    select ${own} from jsonb_populate_recordset(null::api.reminders, ${tx.json(bells as never)})
    on conflict (user_id, task_id, id) do update set position = excluded.position, remind_at = excluded.remind_at, state = excluded.state,
      reason = excluded.reason, sent_at = excluded.sent_at, generation = excluded.generation, is_snooze = excluded.is_snooze, change_seq = excluded.change_seq`;
}

/** A removed row names its event first. */
async function removeReminders(
  { tx, userId }: Change,
  gone: readonly { task_id: string; id: string }[],
): Promise<void> {
  if (gone.length === 0) return;
  await tx`
    update api.reminders r set change_seq = g.seq
    from jsonb_to_recordset(${tx.json(gone as never)}) g (task_id uuid, id uuid, seq bigint)
    where r.user_id = ${userId} and r.task_id = g.task_id and r.id = g.id`;
  await tx`
    delete from api.reminders r using jsonb_to_recordset(${tx.json(gone as never)}) g (task_id uuid, id uuid)
    where r.user_id = ${userId} and r.task_id = g.task_id and r.id = g.id`;
}
