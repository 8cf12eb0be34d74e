import type { Db } from "@carillon/kit/database";
import { isUuid } from "@carillon/kit/http";
import { notFound } from "@carillon/kit/service";
import { selectTasks, stateOf, type TaskState } from "./task-row.ts";

/** `live`: not in the trash. `trashed`: only there. `any`: both. */
export type Where = "live" | "trashed" | "any";

/**
 * The user's task of that id.
 * @throws Problem 404 when this user has none here; an id that is not a UUID matches nothing
 * either.
 */
export async function loadTask(db: Db, userId: string, id: string, where: Where = "live"): Promise<TaskState> {
  if (!isUuid(id)) throw notFound();
  const [read] = await db`${selectTasks(db)} from api.tasks t where t.user_id = ${userId} and t.id = ${id}`;
  const state = read && stateOf(read);
  const trashed = state?.row.deleted_at !== null;
  if (!state || (where !== "any" && trashed !== (where === "trashed"))) throw notFound();
  return state;
}

/** The user's tasks of these ids, in their order, trash included; an id that is none of the user's is left out. */
export async function loadTasks(db: Db, userId: string, ids: readonly string[]): Promise<TaskState[]> {
  if (ids.length === 0) return [];
  const rows =
    await db`${selectTasks(db)} from api.tasks t where t.user_id = ${userId} and t.id = any(${[...ids]}::uuid[])`;
  const states = new Map(rows.map(stateOf).map((state) => [state.row.id, state]));
  return ids.flatMap((id) => states.get(id) ?? []);
}
