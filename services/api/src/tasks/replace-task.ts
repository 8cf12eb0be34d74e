import { NewTask, Task } from "@carillon/contracts/http/tasks";
import { describe, readBody } from "@carillon/kit/http";
import { Elysia } from "elysia";
import type { Change } from "../change/change.ts";
import type { ApiDeps } from "../deps.ts";
import { applyFields, planFields } from "./apply-fields.ts";
import { requireMatch } from "./etag.ts";
import { newFields } from "./fields.ts";
import { loadTask } from "./load-task.ts";
import { saveTask } from "./save-task.ts";
import { seatedInZone } from "./seat-task.ts";
import type { TaskState } from "./task-row.ts";
import { ifMatch, readForTask, taskId, writeTask } from "./write-task.ts";

export const replaceTaskRoute = (deps: ApiDeps) =>
  new Elysia().put(
    "/api/tasks/:id",
    async ({ request, params }) => {
      const body = await readForTask(deps, request, params.id, () => readBody(request, NewTask));
      return writeTask(deps, request, (change) => replaceTask(change, params.id, body, request));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Replace all writable fields of a task; absent fields take their default",
        tag: "Tasks",
        params: taskId,
        body: NewTask,
        answers: { 200: Task },
        errors: [409, 412],
        headers: ifMatch,
      }),
    },
  );

/** The task with exactly this body's fields; whether it is completed stays as it was. */
export async function replaceTask(change: Change, id: string, body: NewTask, request: Request): Promise<TaskState> {
  const before = await loadTask(change.tx, change.userId, id);
  const there = seatedInZone(before, change.timeZone)?.after ?? before;
  const plan = planFields(change, before.row.id, there, newFields(body, change.timeZone));
  requireMatch(request, before.row.version);
  const { after, turns } = await applyFields(change, plan);
  return saveTask(change, before, after, "task.updated", turns);
}
