import { BatchDone, TaskBatch } from "@carillon/contracts/http/batches";
import { problems } from "@carillon/contracts/problem";
import { answer, describe, readBody } from "@carillon/kit/http";
import { contextOf, invalid, Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { attempt } from "../change/attempt.ts";
import type { Change } from "../change/change.ts";
import { answerOnce } from "../change/idempotency.ts";
import { inBatch } from "../change/in-batch.ts";
import { readInput } from "../change/read-input.ts";
import type { ApiDeps } from "../deps.ts";
import { completeTask } from "./complete-task.ts";
import { deleteTask } from "./delete-task.ts";
import { reopenTask } from "./reopen-task.ts";
import { restoreTask } from "./restore-task.ts";
import { updateTask } from "./update-task.ts";

export const runBatchRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/tasks/batch",
    async ({ request }) => {
      const body = await readInput(request, async () => checked(await readBody(request, TaskBatch)));
      const { traceId } = contextOf(request).trace;
      return answerOnce(deps, request, body, async (change) => answer(200, await runBatch(change, body, traceId)));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Do one thing to many tasks; each is a change of its own, and all can be undone together",
        tag: "Tasks",
        body: TaskBatch,
        answers: { 200: BatchDone },
        headers: { "Idempotency-Key": "Repeats give the first answer again, for 24 h." },
      }),
    },
  );

/** @throws Problem 422 for an id that comes twice, and for a patch without its action or the other way round. */
function checked(body: TaskBatch): TaskBatch {
  const ids = body.ids.map((id) => id.toLowerCase());
  const twice = ids.findIndex((id, at) => ids.indexOf(id) !== at);
  if (twice !== -1) throw invalid({ pointer: `/ids/${twice}`, detail: "is named twice" });
  if ((body.action === "patch") !== (body.patch !== undefined))
    throw invalid({ pointer: "/patch", detail: "goes with the action patch, and with no other" });
  return body;
}

/** What became of each task. One that is refused leaves the others as they are. */
export async function runBatch(change: Change, { ids, action, patch }: TaskBatch, traceId: string): Promise<BatchDone> {
  const batchId = change.newId();
  const batch = inBatch(change, batchId);
  const verb = verbs[action];
  const results: BatchDone["results"] = [];
  for (const id of ids) {
    const refused = await attempt(batch, async (one) => void (await verb(one, id, patch ?? {})));
    if (refused instanceof Problem) results.push({ id, status: refused.status, problem: told(refused, id, traceId) });
    else results.push({ id, status: action === "delete" ? 204 : 200 });
  }
  return { batch_id: batchId, results };
}

type Verb = (change: Change, id: string, patch: NonNullable<TaskBatch["patch"]>) => Promise<unknown>;

/** As each would be done alone, under no condition. */
const verbs: Record<TaskBatch["action"], Verb> = {
  complete: async (change, id) => completeTask(change, id, null),
  incomplete: async (change, id) => reopenTask(change, id, null),
  delete: async (change, id) => deleteTask(change, id, null),
  restore: async (change, id) => restoreTask(change, id, null),
  patch: async (change, id, patch) => updateTask(change, id, patch, null),
};

/** The problem document the task would have been answered with alone. */
function told({ code, detail, errors }: Problem, id: string, traceId: string) {
  const { status, title } = problems[code];
  const type = `urn:carillon:problem:${code}`;
  const document = { type, title, status, detail, instance: `/api/tasks/${encodeURIComponent(id)}`, trace_id: traceId };
  return { ...document, ...(errors ? { errors } : {}) };
}
