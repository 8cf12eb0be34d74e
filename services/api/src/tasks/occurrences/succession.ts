import type { EventType } from "@carillon/contracts/catalog";
import type { Changes } from "@carillon/contracts/event";
import type { Completion, Settlement } from "@carillon/contracts/http/occurrences";
import { type Change, change } from "../../change/change.ts";
import type { ApiDeps } from "../../deps.ts";
import { seriesPosition } from "../series.ts";
import { selectTasks, stateOf, type TaskRow, type TaskState, toTask } from "../task-row.ts";

/**
 * What follows a completion. Completing a recurring task leaves `succession` open, in the same
 * transaction; the decision (by recurring, through the routes beside this file) finds it open and
 * closes it in its own. Both lock the user's row: one decision per completion.
 *
 * complete ──► open ──► made    the successor exists; while it is untouched, reopening undoes both
 * └────► ended   there is no further date; reopening undoes it
 */

/** True when completing this task needs a successor: it recurs and never had one that was edited. */
export const asksForSuccessor = (row: TaskRow): boolean => row.rrule !== null && row.succession !== "made";

/** A completed task as recurring needs it to compute the next date. */
export function completionOf(state: TaskState): Completion {
  const { id, user_id, version, completed_at, time_zone, all_day, recurring_pattern, recurrence } = toTask(state);
  const task = { id, user_id, version, completed_at, time_zone, all_day, recurring_pattern, recurrence };
  return { task, series: seriesPosition(state.row) };
}

export type Asked = { userId: string; taskId: string; version: number };

/** Runs `decide` on a completion that is still open and unchanged, and returns the result. */
export async function settle(
  deps: ApiDeps,
  { userId, taskId, version }: Asked,
  decide: (change: Change, parent: TaskState) => Promise<Settlement["outcome"]>,
): Promise<Settlement> {
  const owner = await deps.sql`select from api.users where id = ${userId}`;
  // Erased, and everything with it.
  if (owner.count === 0) return { outcome: "idle", completion: null };
  return change(deps, { userId, actor: "recurring" }, async (current): Promise<Settlement> => {
    const { tx } = current;
    const [read] = await tx`${selectTasks(tx)} from api.tasks t where t.user_id = ${userId} and t.id = ${taskId}`;
    if (!read) return { outcome: "idle", completion: null };
    const parent = stateOf(read);
    const { row } = parent;
    if (!row.completed_at || row.deleted_at || row.rrule === null) return { outcome: "idle", completion: null };
    if (row.succession !== "open") return { outcome: row.succession ? "settled" : "idle", completion: null };
    if (row.version !== version) return { outcome: "changed", completion: completionOf(parent) };
    return { outcome: await decide(current, parent), completion: null };
  });
}

/**
 * Closes the succession and publishes it, of the completed task. Its version stays, because nothing in
 * the task itself changed.
 */
export async function close(
  { tx, userId, say }: Change,
  parent: TaskState,
  succession: "made" | "ended",
  { type, changes }: { type: EventType; changes: Changes },
): Promise<void> {
  const { id, version } = parent.row;
  const more = { task_data: toTask(parent), series: seriesPosition(parent.row) };
  const seq = say({ type, entityId: id, taskId: id, version, changes, more });
  await tx`
    update api.tasks set succession = ${succession}, change_seq = ${seq} where user_id = ${userId} and id = ${id}`;
}
