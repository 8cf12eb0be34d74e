import { NewTask, Task } from "@carillon/contracts/http/tasks";
import { describe, readBody } from "@carillon/kit/http";
import { Elysia } from "elysia";
import type { Change } from "../change/change.ts";
import { answerOnce } from "../change/idempotency.ts";
import { readInput } from "../change/read-input.ts";
import type { ApiDeps } from "../deps.ts";
import { applyFields, planFields } from "./apply-fields.ts";
import { newFields } from "./fields.ts";
import { saveTask } from "./save-task.ts";
import type { TaskState } from "./task-row.ts";
import { taskAnswer } from "./write-task.ts";

export const createTaskRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/tasks",
    async ({ request }) => {
      const body = await readInput(request, () => readBody(request, NewTask));
      return answerOnce(deps, request, body, async (change) => taskAnswer(await createTask(change, body), 201));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Create a task",
        tag: "Tasks",
        body: NewTask,
        answers: { 201: Task },
        errors: [409],
        headers: { "Idempotency-Key": "Repeats give the first answer again, for 24 h." },
      }),
    },
  );

/** The new task. @throws Problem 422 naming each field that does not fit. */
export async function createTask(change: Change, body: NewTask): Promise<TaskState> {
  const plan = planFields(change, change.newId(), null, newFields(body, change.timeZone));
  const { after, turns } = await applyFields(change, plan);
  change.count("tasks", 1);
  return saveTask(change, null, after, "task.created", turns);
}
