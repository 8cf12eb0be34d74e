import { Undone } from "@carillon/contracts/http/batches";
import { answer, describe } from "@carillon/kit/http";
import { Elysia } from "elysia";
import { callerOf } from "../auth/caller.ts";
import { answerOnce } from "../change/idempotency.ts";
import { nothing, readInput } from "../change/read-input.ts";
import type { ApiDeps } from "../deps.ts";
import { type Entry, findEntries, type Which } from "./find-entries.ts";
import { takeBack } from "./take-back.ts";

export const undoBatchRoute = (deps: ApiDeps) =>
  new Elysia().post("/api/batches/:id/undo", ({ request, params }) => undo(deps, request, { batch_id: params.id }), {
    parse: "none",
    detail: describe({
      summary: "Take back everything a batch did that was not changed since, and name the rest",
      description:
        "At any age. What is as before already is passed over, so the same again changes nothing. The undoing is a batch itself.",
      tag: "Audit",
      params: { id: "The batch's id, from the answer that made it" },
      answers: { 200: Undone },
      errors: [400],
      headers: { "Idempotency-Key": "Repeats give the first answer again, for 24 h." },
    }),
  });

export const revertChangeRoute = (deps: ApiDeps) =>
  new Elysia().post("/api/audit/:id/revert", ({ request, params }) => undo(deps, request, { id: params.id }), {
    parse: "none",
    detail: describe({
      summary: "Take back one change of the history where it was not changed since, and name the rest",
      tag: "Audit",
      params: { id: "The entry's id" },
      answers: { 200: Undone },
      errors: [400],
      headers: { "Idempotency-Key": "Repeats give the first answer again, for 24 h." },
    }),
  });

/** Takes back what `find` names. The entries are read before the change begins: they never alter, and the history is another service's. */
export async function answerUndone(
  deps: ApiDeps,
  request: Request,
  find: (userId: string) => Promise<Entry[]>,
): Promise<Response> {
  const { userId } = callerOf(request);
  await readInput(request, nothing, async () => find(userId));
  const entries = await find(userId);
  return answerOnce(deps, request, null, async (change) => answer(200, await takeBack(change, entries)));
}

const undo = async (deps: ApiDeps, request: Request, which: Which): Promise<Response> =>
  answerUndone(deps, request, async (userId) => findEntries(deps, userId, which));
