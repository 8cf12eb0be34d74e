import type { Change } from "../../change/change.ts";
import { purgeTask } from "../purge-task.ts";
import { cancelPending } from "../reminders/reconcile.ts";
import { sayReminders } from "../reminders/save-reminders.ts";
import { selectTasks, stateOf, type TaskRow } from "../task-row.ts";

/**
 * What remains of a task's succession once its completion is undone. An untouched successor is removed
 * permanently with the completion; one that was changed, completed or trashed stays, and then there
 * will never be another.
 */
export async function takeBackSuccession(
  change: Change,
  parent: TaskRow,
): Promise<Pick<TaskRow, "succession" | "successor_version">> {
  const { tx, userId } = change;
  const { succession, successor_version } = parent;
  if (succession !== "made") return { succession: null, successor_version };
  const [read] = await tx`
    ${selectTasks(tx)} from api.tasks t where t.user_id = ${userId} and t.parent_task_id = ${parent.id}`;
  const successor = read && stateOf(read);
  const untouched = (successor_version ?? 0) + 1 + (successor?.row.seatings ?? 0);
  if (!successor || successor.row.version !== untouched) return { succession, successor_version };
  const { reminders, turns } = cancelPending(successor.reminders, "deleted");
  sayReminders(change, { ...successor, reminders }, turns);
  await purgeTask(change, successor);
  change.count("tasks", -1);
  return { succession: null, successor_version: untouched + 1 };
}
