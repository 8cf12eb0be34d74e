import type { Changes } from "@carillon/contracts/event";
import type { Sql } from "@carillon/kit/database";
import { changesBetween } from "../change/event.ts";
import { tracked } from "./save-task.ts";
import { selectTasks, stateOf, toTask } from "./task-row.ts";

/** A task as its row states it, for a history that has lost the task's own events. */
export type StatedTask = { id: string; version: number; at: string; changes: Changes };

/** The user's tasks behind the id `after`, trash included, at most `limit`, in the order of their ids. */
export async function stateTasks(sql: Sql, userId: string, after: string, limit: number): Promise<StatedTask[]> {
  const rows = await sql`
    ${selectTasks(sql)} from api.tasks t where t.user_id = ${userId} and t.id > ${after} order by t.id limit ${limit}`;
  return rows.map((row) => {
    const task = toTask(stateOf(row));
    const { id, version, updated_at } = task;
    return { id, version, at: updated_at, changes: changesBetween(null, task, tracked) };
  });
}
