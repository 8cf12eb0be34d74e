import { answer, describe, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import { actorOf, callerOf } from "../auth/caller.ts";
import { type Change, change } from "../change/change.ts";
import { nothing } from "../change/read-input.ts";
import type { ApiDeps } from "../deps.ts";
import { requireMatch } from "./etag.ts";
import { loadTask } from "./load-task.ts";
import { cancelPending } from "./reminders/reconcile.ts";
import { saveTask } from "./save-task.ts";
import { ifMatch, readForTask, taskId } from "./write-task.ts";

export const deleteTaskRoute = (deps: ApiDeps) =>
  new Elysia().delete(
    "/api/tasks/:id",
    async ({ request, params }) => {
      await readForTask(deps, request, params.id, nothing);
      const caller = callerOf(request);
      await change(deps, { userId: caller.userId, actor: actorOf(caller) }, (current) =>
        deleteTask(current, params.id, request),
      );
      return toResponse(answer(204));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Move a task to the trash, for 30 days",
        tag: "Tasks",
        params: taskId,
        answers: { 204: "In the trash" },
        errors: [412],
        headers: ifMatch,
      }),
    },
  );

/** Puts the task in the trash and calls its pending reminders off. @throws Problem 404 when it is there already. */
export async function deleteTask(change: Change, id: string, request: Request | null): Promise<void> {
  const before = await loadTask(change.tx, change.userId, id);
  requireMatch(request, before.row.version);
  const { reminders, turns } = cancelPending(before.reminders, "deleted");
  change.count("tasks", -1);
  await saveTask(
    change,
    before,
    { ...before, reminders, row: { ...before.row, deleted_at: change.now } },
    "task.deleted",
    turns,
  );
}
