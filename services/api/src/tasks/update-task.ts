import { Task, TaskPatch } from "@carillon/contracts/http/tasks";
import { describe, readBody } from "@carillon/kit/http";
import { Elysia } from "elysia";
import type { Change } from "../change/change.ts";
import type { ApiDeps } from "../deps.ts";
import { applyFields, planFields } from "./apply-fields.ts";
import { requireMatch } from "./etag.ts";
import { patchedFields } from "./fields.ts";
import { loadTask } from "./load-task.ts";
import { saveTask } from "./save-task.ts";
import { seatedInZone } from "./seat-task.ts";
import type { TaskState } from "./task-row.ts";
import { ifMatch, readForTask, taskId, writeTask } from "./write-task.ts";

export const updateTaskRoute = (deps: ApiDeps) =>
  new Elysia().patch(
    "/api/tasks/:id",
    async ({ request, params }) => {
      const body = await readForTask(deps, request, params.id, () => readBody(request, TaskPatch));
      return writeTask(deps, request, (change) => updateTask(change, params.id, body, request));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Change some fields of a task; absent ones stay",
        tag: "Tasks",
        params: taskId,
        body: TaskPatch,
        answers: { 200: Task },
        errors: [409, 412],
        headers: ifMatch,
      }),
    },
  );

/** The task with the sent fields changed. @throws Problem 404, 422, 412 or 409, in this order. */
export async function updateTask(change: Change, id: string, patch: TaskPatch, request: Request): Promise<TaskState> {
  const before = await loadTask(change.tx, change.userId, id);
  // A completed whole day was left where the user's zone was then.
  const there = seatedInZone(before, change.timeZone)?.after ?? before;
  const plan = planFields(change, before.row.id, there, patchedFields(there, patch, change.timeZone));
  requireMatch(request, before.row.version);
  const { after, turns } = await applyFields(change, plan);
  return saveTask(change, before, after, "task.updated", turns);
}
