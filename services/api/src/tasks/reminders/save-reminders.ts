import type { EventType } from "@carillon/contracts/catalog";
import { columnsOf } from "@carillon/kit/database";
import type { Cause } from "@carillon/kit/observe";
import type { Change } from "../../change/change.ts";
import { changesBetween } from "../../change/event.ts";
import { reminders } from "../../schema/tasks.ts";
import { type ReminderRow, type TaskState, toReminder, toTask } from "../task-row.ts";

/** Every column is written with every row. */
const reminderColumns: string[] = columnsOf(reminders);

/** One reminder's change: its state before (null: new), its state now (null: removed), and its event. */
export type ReminderTurn = {
  type: Extract<EventType, `reminder.${string}`>;
  before: ReminderRow | null;
  after: ReminderRow | null;
  /** What it goes back to, where that is not the request under way. */
  cause?: Cause | null;
};

/** Appends the event of each change, in order; returns the change number each reminder's row must carry. */
export function sayReminders(change: Change, task: TaskState, turns: readonly ReminderTurn[]): Map<string, number> {
  const seqs = new Map<string, number>();
  for (const { type, before, after, cause = null } of turns) {
    // One that was removed from the task is reported as cancelled.
    const reminder = after ?? (before && { ...before, state: "cancelled" as const, reason: null });
    if (!reminder) continue;
    const seq = change.say({
      type,
      entityId: reminder.id,
      taskId: task.row.id,
      version: task.row.version,
      cause,
      changes: changesBetween(before && toReminder(before), after && toReminder(after), [
        "before",
        "remind_at",
        "state",
        "reason",
      ]),
      more: { task_data: toTask(task), reminder: { ...toReminder(reminder), generation: reminder.generation } },
    });
    seqs.set(reminder.id, seq);
  }
  return seqs;
}

type Rows = { before: readonly ReminderRow[]; after: TaskState; seq: number; reminderSeqs: Map<string, number> };

/**
 * Brings the task's reminder rows from `before` to `after`; a row without an event of its own is
 * covered by the task's.
 */
export async function writeReminders(
  { tx, userId }: Change,
  { before, after, seq, reminderSeqs }: Rows,
): Promise<void> {
  const taskId = after.row.id;
  const kept = new Set(after.reminders.map((reminder) => reminder.id));
  const gone = before.filter((reminder) => !kept.has(reminder.id)).map((reminder) => reminder.id);
  if (gone.length > 0) {
    // Rows that name their event may go by the hundred.
    await tx`
      update api.reminders set change_seq = ${seq}
      where user_id = ${userId} and task_id = ${taskId} and id = any(${gone}::uuid[])`;
    await tx`delete from api.reminders where user_id = ${userId} and task_id = ${taskId} and id = any(${gone}::uuid[])`;
  }
  const known = new Map(before.map((reminder) => [reminder.id, reminder]));
  const rows = after.reminders
    .filter((reminder) => !Bun.deepEquals(reminder, known.get(reminder.id)))
    .map((reminder) => ({
      ...reminder,
      user_id: userId,
      task_id: taskId,
      change_seq: reminderSeqs.get(reminder.id) ?? seq,
    }));
  if (rows.length === 0) return;
  const columns = tx(reminderColumns);
  await tx`
    insert into api.reminders (${columns}) select ${columns} from jsonb_populate_recordset(null::api.reminders, ${tx.json(rows as never)})
    on conflict (user_id, task_id, id) do update set position = excluded.position, remind_at = excluded.remind_at, state = excluded.state,
      reason = excluded.reason, sent_at = excluded.sent_at, generation = excluded.generation, is_snooze = excluded.is_snooze, change_seq = excluded.change_seq`;
}
