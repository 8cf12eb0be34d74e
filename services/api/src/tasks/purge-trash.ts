import { type Change, change } from "../change/change.ts";
import type { ApiDeps } from "../deps.ts";
import { selectTasks, stateOf, toTask } from "./task-row.ts";

export const trashDays = 30;

/** Removed in one transaction at most: the database looks for each removal's event among the user's newest rows. */
const tasksAtOnce = 100;

/** Removes for good what has been in the trash for 30 days; answers how many tasks that were. Safe to run anywhere, any time. */
export async function purgeTrash(deps: ApiDeps): Promise<number> {
  const before = new Date(deps.clock.now().getTime() - trashDays * 86_400_000);
  const owners = await deps.sql<
    { user_id: string }[]
  >`select distinct user_id from api.tasks where deleted_at < ${before} limit 500`;
  let purged = 0;
  for (const { user_id } of owners) {
    purged += await change(deps, { userId: user_id, actor: "system" }, (current) => purgeSome(current, before));
  }
  return purged;
}

async function purgeSome(current: Change, before: Date): Promise<number> {
  const { tx, userId } = current;
  const rows = await tx`
    ${selectTasks(tx)} from api.tasks t where t.user_id = ${userId} and t.deleted_at < ${before} order by t.deleted_at limit ${tasksAtOnce}`;
  for (const state of rows.map(stateOf)) {
    const { id, version } = state.row;
    const task = toTask(state);
    const changes = { title: [task.title, null] as [unknown, unknown] };
    const seq = current.say({
      type: "task.purged",
      entityId: id,
      taskId: id,
      version: version + 1,
      changes,
      more: { task_data: task },
    });
    await tx`delete from api.tasks where user_id = ${userId} and id = ${id}`;
    await tx`insert into api.tombstones (user_id, change_seq, type, id) values (${userId}, ${seq}, 'task', ${id})`;
  }
  return rows.length;
}
