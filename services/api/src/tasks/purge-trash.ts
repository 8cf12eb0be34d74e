import { type Change, change } from "../change/change.ts";
import type { ApiDeps } from "../deps.ts";
import { purgeTask } from "./purge-task.ts";
import { selectTasks, stateOf } from "./task-row.ts";

export const trashDays = 30;

/**
 * Maximum removed per transaction: few, because the database looks for each removal's event among the
 * user's newest rows.
 */
const tasksAtOnce = 100;

/**
 * Permanently removes tasks that were in the trash for 30 days; returns their number. Safe to run
 * anywhere, at any time.
 */
export async function purgeTrash(deps: ApiDeps): Promise<number> {
  const before = new Date(deps.clock.now().getTime() - trashDays * 86_400_000);
  const owners = await deps.sql<
    { user_id: string }[]
  >`select distinct user_id from api.tasks where deleted_at < ${before} limit 500`;
  let purged = 0;
  for (const { user_id } of owners) {
    for (let some = tasksAtOnce; some === tasksAtOnce; purged += some) {
      some = await change(deps, { userId: user_id, actor: "system" }, (current) => purgeSome(current, before));
    }
  }
  return purged;
}

async function purgeSome(current: Change, before: Date): Promise<number> {
  const { tx, userId } = current;
  const rows = await tx`
    ${selectTasks(tx)} from api.tasks t where t.user_id = ${userId} and t.deleted_at < ${before} order by t.deleted_at limit ${tasksAtOnce}`;
  for (const state of rows.map(stateOf)) {
    await purgeTask(current, state);
  }
  return rows.length;
}
