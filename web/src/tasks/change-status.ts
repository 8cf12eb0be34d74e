import type { Task } from "@carillon/contracts/http/tasks";
import { nullWhenGone } from "../api.ts";
import { type Flash, quote } from "../door/flash.ts";
import { localPath } from "../door/form.ts";
import { seeOtherWith, type Visit } from "../door/visit.ts";

const idOf = (visit: Visit): string => visit.params.id ?? "";

/** The page the form stood on, from the form's own address. */
const backOf = (visit: Visit): string => localPath(visit.url.searchParams.get("back"), "/today");

function undoBy(
  task: Task,
  verb: "complete" | "incomplete" | "delete" | "restore",
  back: string,
): NonNullable<Flash["undo"]> {
  return { action: `/tasks/${task.id}/${verb}?${new URLSearchParams({ back })}`, label: "Undo" };
}

/** `POST /tasks/{id}/complete`. */
export async function completeTask(visit: Visit): Promise<Response> {
  const task = await visit.api.completeTask(idOf(visit));
  const back = backOf(visit);
  return seeOtherWith(back, { text: `Completed ${quote(task.title)}.`, undo: undoBy(task, "incomplete", back) }, visit);
}

/** `POST /tasks/{id}/incomplete`. */
export async function reopenTask(visit: Visit): Promise<Response> {
  const task = await visit.api.reopenTask(idOf(visit));
  const back = backOf(visit);
  return seeOtherWith(back, { text: `Reopened ${quote(task.title)}.`, undo: undoBy(task, "complete", back) }, visit);
}

/** `POST /tasks/{id}/delete`: into the trash. A task that is there already is as deleted as was wished. */
export async function deleteTask(visit: Visit): Promise<Response> {
  const id = idOf(visit);
  const back = backOf(visit);
  const task = await visit.api.getTask(id).catch(nullWhenGone);
  if (task === null) return seeOtherWith(back, { text: "That task was deleted already." }, visit);
  await visit.api.deleteTask(id).catch(nullWhenGone);
  // Its own page is gone with it.
  const next = back.startsWith(`/tasks/${id}`) ? "/today" : back;
  return seeOtherWith(next, { text: `Deleted ${quote(task.title)}.`, undo: undoBy(task, "restore", next) }, visit);
}

/** `POST /tasks/{id}/restore`: out of the trash. */
export async function restoreTask(visit: Visit): Promise<Response> {
  const task = await visit.api.restoreTask(idOf(visit));
  const back = backOf(visit);
  return seeOtherWith(back, { text: `Restored ${quote(task.title)}.`, undo: undoBy(task, "delete", back) }, visit);
}
