import { Undone } from "@carillon/contracts/http/batches";
import { answer, describe } from "@carillon/kit/http";
import { Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { callerOf } from "../../auth/caller.ts";
import { answerOnce } from "../../change/idempotency.ts";
import { nothing, readInput } from "../../change/read-input.ts";
import type { ApiDeps } from "../../deps.ts";
import { findEntries, takeBack } from "../../undo/index.ts";
import { getConversation } from "./list-conversations.ts";

export const undoConversationRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/conversations/:id/undo",
    async ({ request, params }) => {
      const { userId } = callerOf(request);
      const find = async () => entriesOf(deps, userId, params.id);
      await readInput(request, nothing, find);
      const entries = await find();
      return answerOnce(deps, request, null, async (change) => answer(200, await takeBack(change, entries)));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Take back everything a conversation did that was not changed since, and name the rest",
        tag: "Chat",
        params: { id: "The conversation's id" },
        answers: { 200: Undone },
        errors: [400],
        headers: { "Idempotency-Key": "Repeats give the first answer again, for 24 h." },
      }),
    },
  );

/** What the conversation did: all its changes are one batch under its id. @throws Problem 404 when the user has no such conversation. */
async function entriesOf(deps: ApiDeps, userId: string, id: string) {
  await getConversation(deps.sql, userId, id);
  return findEntries(deps, userId, { batch_id: id }).catch((error: unknown) => {
    // A conversation that did nothing has nothing to take back.
    if (error instanceof Problem && error.code === "not_found") return [];
    throw error;
  });
}
