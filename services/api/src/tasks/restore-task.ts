import { Task } from "@carillon/contracts/http/tasks";
import { describe } from "@carillon/kit/http";
import { Elysia } from "elysia";
import type { Change } from "../change/change.ts";
import { answerOnce } from "../change/idempotency.ts";
import { nothing } from "../change/read-input.ts";
import type { ApiDeps } from "../deps.ts";
import { requireMatch } from "./etag.ts";
import { loadTask } from "./load-task.ts";
import { reviveDeleted } from "./reminders/reconcile.ts";
import { saveTask } from "./save-task.ts";
import type { TaskState } from "./task-row.ts";
import { ifMatch, readForTask, taskAnswer, taskId } from "./write-task.ts";

export const restoreTaskRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/tasks/:id/restore",
    async ({ request, params }) => {
      await readForTask(deps, request, params.id, nothing, { where: "any" });
      return answerOnce(deps, request, null, async (change) =>
        taskAnswer(await restoreTask(change, params.id, request)),
      );
    },
    {
      parse: "none",
      detail: describe({
        summary: "Restore a task from the trash; a live one stays as it is",
        tag: "Tasks",
        params: taskId,
        answers: { 200: Task },
        errors: [400, 409, 412],
        headers: { ...ifMatch, "Idempotency-Key": "Repeats give the first answer again, for 24 h." },
      }),
    },
  );

/** The live task. Reminders its deletion had called off are planned again where they lie ahead. */
export async function restoreTask(change: Change, id: string, request: Request | null): Promise<TaskState> {
  const before = await loadTask(change.tx, change.userId, id, "any");
  requireMatch(request, before.row.version);
  if (!before.row.deleted_at) return before;
  const { reminders, turns } = reviveDeleted(before.reminders, change.now);
  change.count("tasks", 1);
  const after = { ...before, reminders, row: { ...before.row, deleted_at: null } };
  return saveTask(change, before, after, "task.restored", turns);
}
