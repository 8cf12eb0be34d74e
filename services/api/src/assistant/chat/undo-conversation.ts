import { Undone } from "@carillon/contracts/http/batches";
import type { Conversation } from "@carillon/contracts/http/chat";
import { describe } from "@carillon/kit/http";
import { Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import type { ApiDeps } from "../../deps.ts";
import { answerUndone, findEntries } from "../../undo/index.ts";
import { getConversation } from "./list-conversations.ts";

export const undoConversationRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/conversations/:id/undo",
    ({ request, params }) => answerUndone(deps, request, async (userId) => entriesOf(deps, userId, params.id)),
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
  const { messages, created_at } = await getConversation(deps.sql, userId, id);
  if (didNothing(messages)) return [];
  return findEntries(deps, userId, { batch_id: id }, new Date(created_at)).catch((error: unknown) => {
    // A conversation that did nothing has nothing to take back.
    if (error instanceof Problem && error.code === "not_found") return [];
    throw error;
  });
}

/** True when every message has its answer, and none of them names a change: an answer that was cut off may have done what it does not name. */
function didNothing(messages: Conversation["messages"]): boolean {
  const answers = messages.filter(({ role }) => role === "assistant");
  return answers.length * 2 === messages.length && answers.every(({ actions }) => actions.length === 0);
}
