import type { Task } from "@carillon/contracts/http/tasks";
import { answer, toResponse } from "@carillon/kit/http";
import type { TObject } from "@sinclair/typebox";
import { actorOf, callerOf } from "../auth/caller.ts";
import { type Change, change } from "../change/change.ts";
import { readInput } from "../change/read-input.ts";
import type { ApiDeps } from "../deps.ts";
import { etagOf } from "./etag.ts";
import { loadTask, type Where } from "./load-task.ts";
import { type TaskState, toTask } from "./task-row.ts";

/** A task and its ETag, as every verb returns them. */
export const taskAnswer = (state: TaskState, status = 200) => {
  const task: Task = toTask(state);
  const headers: Record<string, string> = { etag: etagOf(task.version) };
  if (status === 201) headers.location = `/api/tasks/${task.id}`;
  return answer(status, task, headers);
};

/** What `read` makes of a request about a task; a missing task is reported before any fault in the request. */
export const readForTask = <Input>(
  { sql }: ApiDeps,
  request: Request,
  id: string,
  read: () => Input | Promise<Input>,
  { where, query }: { where?: Where; query?: TObject } = {},
): Promise<Input> => readInput(request, read, async () => loadTask(sql, callerOf(request).userId, id, where), query);

/** Runs a verb as the caller of `request`, in one transaction, and answers with the resulting task. */
export async function writeTask(
  deps: ApiDeps,
  request: Request,
  verb: (change: Change) => Promise<TaskState>,
): Promise<Response> {
  const caller = callerOf(request);
  return toResponse(taskAnswer(await change(deps, { userId: caller.userId, actor: actorOf(caller) }, verb)));
}

export const ifMatch = { "If-Match": 'The version you have seen, as in ETag: "3"; otherwise 412.' };
export const taskId = { id: "The task's id" };
