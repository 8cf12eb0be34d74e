import { type BatchAction, maxBatchTasks } from "@carillon/contracts/http/batches";
import type { Task, TaskPatch } from "@carillon/contracts/http/tasks";
import type { Visit } from "../door/visit.ts";

/** One change of one task among many. */
export type Change = { id: string; action: BatchAction; patch?: TaskPatch };

/** What became of a change of many: how many it reached, and the way to take all of it back (null when it reached none). */
export type ChangedMany = { done: number; failed: number; undo: string | null };

/**
 * Changes many tasks, those with an equal change in one batch. A date that keeps each task's time of day is another change for each time,
 * so several batches may belong together; one address takes all of them back.
 */
export async function changeMany({ api }: Visit, changes: readonly Change[], back: string): Promise<ChangedMany> {
  const equal = Map.groupBy(changes, ({ action, patch }) => JSON.stringify([action, patch ?? null]));
  const batches: string[] = [];
  let done = 0;
  for (const alike of equal.values()) {
    const [first] = alike;
    if (!first) continue;
    const { action, patch } = first;
    const ids = alike.map(({ id }) => id);
    const { batch_id: id, results } = await api.changeTasks({ ids, action, ...(patch ? { patch } : {}) });
    const reached = results.filter(({ status }) => status < 300).length;
    if (reached > 0) batches.push(id);
    done += reached;
  }
  const query = new URLSearchParams([["back", back], ...batches.map((id): [string, string] => ["batch", id])]);
  return { done, failed: changes.length - done, undo: batches.length > 0 ? `/tasks/undo?${query}` : null };
}

/** "3 tasks", "1 task". */
export const tasksWords = (count: number): string => `${count} ${count === 1 ? "task" : "tasks"}`;

/** All overdue tasks, at most as many as are changed at once. */
export async function overdueTasks({ api }: Visit): Promise<Task[]> {
  const tasks: Task[] = [];
  let cursor: string | null = null;
  do {
    const page = await api.listTasks({
      status: "pending",
      overdue: true,
      sort: "due_date",
      limit: 100,
      ...(cursor === null ? {} : { cursor }),
    });
    tasks.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor !== null && tasks.length < maxBatchTasks);
  return tasks.slice(0, maxBatchTasks);
}
