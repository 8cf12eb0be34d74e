import { PatchedTask, PatchScope, TaskPatch } from "@carillon/contracts/http/tasks";
import { answer, describe, readBody, readQuery, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import { actorOf, callerOf } from "../auth/caller.ts";
import { type Change, change } from "../change/change.ts";
import type { ApiDeps } from "../deps.ts";
import { applyFields, planFields } from "./apply-fields.ts";
import { requireMatch } from "./etag.ts";
import { patchedFields } from "./fields.ts";
import { loadTask } from "./load-task.ts";
import { moveSeries } from "./move-series.ts";
import { saveTask } from "./save-task.ts";
import { seatedInZone } from "./seat-task.ts";
import { type TaskState, toTask } from "./task-row.ts";
import { ifMatch, readForTask, taskAnswer, taskId, writeTask } from "./write-task.ts";

export const updateTaskRoute = (deps: ApiDeps) =>
  new Elysia().patch(
    "/api/tasks/:id",
    async ({ request, params }) => {
      const read = () => readBody(request, TaskPatch);
      const body = await readForTask(deps, request, params.id, read, { query: PatchScope });
      const { scope = "this" } = readQuery(request, PatchScope);
      if (scope === "following") return answerMoved(deps, request, params.id, body);
      return writeTask(deps, request, (change) => updateTask(change, params.id, body, request));
    },
    {
      parse: "none",
      detail: describe({
        summary:
          "Change some fields of a task; absent ones stay. scope=following moves the series with it from here on",
        tag: "Tasks",
        params: taskId,
        query: PatchScope,
        body: TaskPatch,
        answers: { 200: PatchedTask },
        errors: [409, 412],
        headers: ifMatch,
      }),
    },
  );

/** The moved task, and what the rule makes of the move. */
async function answerMoved(deps: ApiDeps, request: Request, id: string, patch: TaskPatch): Promise<Response> {
  const caller = callerOf(request);
  const author = { userId: caller.userId, actor: actorOf(caller) };
  const { state, note } = await change(deps, author, (current) => moveSeries(current, id, patch, request));
  const { status, headers } = taskAnswer(state);
  return toResponse(answer(status, { ...toTask(state), ...(note === null ? {} : { note }) }, headers));
}

/** The task with the sent fields changed. @throws Problem 404, 422, 412 or 409, in this order. */
export async function updateTask(
  change: Change,
  id: string,
  patch: TaskPatch,
  request: Request | null,
): Promise<TaskState> {
  const before = await loadTask(change.tx, change.userId, id);
  // A completed whole day was left where the user's zone was then.
  const there = seatedInZone(before, change.timeZone)?.after ?? before;
  const plan = planFields(change, before.row.id, there, patchedFields(there, patch, change.timeZone));
  requireMatch(request, before.row.version);
  const { after, turns } = await applyFields(change, plan);
  return saveTask(change, before, after, "task.updated", turns);
}
