import { Task } from "@carillon/contracts/http/tasks";
import { describe } from "@carillon/kit/http";
import { Elysia } from "elysia";
import type { Change } from "../change/change.ts";
import { nothing } from "../change/read-input.ts";
import type { ApiDeps } from "../deps.ts";
import { requireMatch } from "./etag.ts";
import { loadTask } from "./load-task.ts";
import { asksForSuccessor } from "./occurrences/succession.ts";
import { cancelPending } from "./reminders/reconcile.ts";
import { saveTask } from "./save-task.ts";
import type { TaskState } from "./task-row.ts";
import { ifMatch, readForTask, taskId, writeTask } from "./write-task.ts";

export const completeTaskRoute = (deps: ApiDeps) =>
  new Elysia().patch(
    "/api/tasks/:id/complete",
    async ({ request, params }) => {
      await readForTask(deps, request, params.id, nothing);
      return writeTask(deps, request, (change) => completeTask(change, params.id, request));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Complete a task; repeating it changes nothing",
        tag: "Tasks",
        params: taskId,
        answers: { 200: Task },
        errors: [412],
        headers: ifMatch,
      }),
    },
  );

/** The completed task; its pending reminders are called off in the same transaction. */
export async function completeTask(change: Change, id: string, request: Request | null): Promise<TaskState> {
  const before = await loadTask(change.tx, change.userId, id);
  requireMatch(request, before.row.version);
  if (before.row.completed_at) return before;
  const { reminders, turns } = cancelPending(before.reminders, "completed");
  const succession = asksForSuccessor(before.row) ? "open" : before.row.succession;
  const after: TaskState = { ...before, reminders, row: { ...before.row, completed_at: change.now, succession } };
  return saveTask(change, before, after, "task.completed", turns);
}
