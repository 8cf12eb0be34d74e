import type { Change } from "../../change/change.ts";
import { loadTasks } from "../load-task.ts";
import { cancelPending, reviveDeleted } from "../reminders/reconcile.ts";
import { type ChangedTask, saveChangedTasks } from "../save-changed-tasks.ts";
import type { TaskState } from "../task-row.ts";
import type { TaskEntry } from "./task-entry.ts";

/** The only entry of a task in what is taken back together. */
export type SoleEntry = { taskId: string; entry: TaskEntry };

/**
 * Takes back, together and with few statements, what created tasks or put them into the trash, where nothing
 * was done with them since: an import is thousands of them. Returns the titles of those; the others are left
 * to be judged one by one.
 */
export async function undoMany(change: Change, sole: readonly SoleEntry[]): Promise<Map<string, string>> {
  const titles = new Map<string, string>();
  for (let at = 0; at < sole.length; at += 200) {
    const part = new Map(sole.slice(at, at + 200).map(({ taskId, entry }) => [taskId, entry]));
    const states = await loadTasks(change.tx, change.userId, [...part.keys()]);
    const changed = states.flatMap((state): ChangedTask[] => {
      const entry = part.get(state.row.id);
      return entry ? (backOf(state, entry, change) ?? []) : [];
    });
    for (const { before, type } of changed) {
      titles.set(before.row.id, before.row.title);
      change.count("tasks", type === "task.deleted" ? -1 : 1);
    }
    await saveChangedTasks(change, changed);
  }
  return titles;
}

function backOf(state: TaskState, entry: TaskEntry, { now }: Change): ChangedTask[] | null {
  const { row, reminders } = state;
  if (row.version !== entry.version + row.seatings) return null;
  if (entry.action === "task.created" && row.deleted_at === null) {
    const ended = cancelPending(reminders, "deleted");
    const after = { ...state, reminders: ended.reminders, row: { ...row, deleted_at: now } };
    return [{ before: state, after, type: "task.deleted", turns: ended.turns }];
  }
  const fields = Object.keys(entry.changes).filter((field) => field !== "reminders");
  if (entry.action !== "task.deleted" || row.deleted_at === null || fields.join() !== "deleted_at") return null;
  const back = reviveDeleted(reminders, now);
  const after = { ...state, reminders: back.reminders, row: { ...row, deleted_at: null } };
  return [{ before: state, after, type: "task.restored", turns: back.turns }];
}
