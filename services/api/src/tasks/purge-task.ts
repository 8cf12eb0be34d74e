import type { Change } from "../change/change.ts";
import { type TaskState, toTask } from "./task-row.ts";

/** Removes a task permanently; only its events remain, for screens, for the history and for clients that sync. */
export async function purgeTask({ tx, userId, say }: Change, state: TaskState): Promise<void> {
  const { id, version } = state.row;
  const task = toTask(state);
  const seq = say({
    type: "task.purged",
    entityId: id,
    taskId: id,
    version: version + 1,
    changes: { title: [task.title, null] },
    more: { task_data: task },
  });
  // Rows that name their event may go by the hundred.
  await tx`update api.tasks set change_seq = ${seq} where user_id = ${userId} and id = ${id}`;
  await tx`update api.reminders set change_seq = ${seq} where user_id = ${userId} and task_id = ${id}`;
  await tx`delete from api.tasks where user_id = ${userId} and id = ${id}`;
  await tx`insert into api.tombstones (user_id, change_seq, type, id) values (${userId}, ${seq}, 'task', ${id})`;
}
