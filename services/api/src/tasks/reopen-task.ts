import { Task } from "@carillon/contracts/http/tasks";
import { describe } from "@carillon/kit/http";
import { Elysia } from "elysia";
import type { Change } from "../change/change.ts";
import { nothing } from "../change/read-input.ts";
import type { ApiDeps } from "../deps.ts";
import { requireMatch } from "./etag.ts";
import { loadTask } from "./load-task.ts";
import { takeBackSuccession } from "./occurrences/take-back.ts";
import { reviveCompleted } from "./reminders/reconcile.ts";
import { saveTask } from "./save-task.ts";
import { seatedInZone } from "./seat-task.ts";
import type { TaskState } from "./task-row.ts";
import { ifMatch, readForTask, taskId, writeTask } from "./write-task.ts";

export const reopenTaskRoute = (deps: ApiDeps) =>
  new Elysia().patch(
    "/api/tasks/:id/incomplete",
    async ({ request, params }) => {
      await readForTask(deps, request, params.id, nothing);
      return writeTask(deps, request, (change) => reopenTask(change, params.id, request));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Undo a completion; repeating it changes nothing",
        tag: "Tasks",
        params: taskId,
        answers: { 200: Task },
        errors: [412],
        headers: ifMatch,
      }),
    },
  );

/** The task, pending again, its reminders planned again where they lie ahead, and what had followed it taken back if it was not edited. */
export async function reopenTask(change: Change, id: string, request: Request | null): Promise<TaskState> {
  const before = await loadTask(change.tx, change.userId, id);
  requireMatch(request, before.row.version);
  if (!before.row.completed_at) return before;
  // A whole day was left where the user's zone was then.
  const there = seatedInZone(before, change.timeZone)?.after ?? before;
  const { reminders, turns } = reviveCompleted(there.reminders, change.now);
  const succession = await takeBackSuccession(change, before.row);
  const after: TaskState = { ...there, reminders, row: { ...there.row, ...succession, completed_at: null } };
  return saveTask(change, before, after, "task.reopened", turns);
}
