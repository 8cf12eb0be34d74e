import {
  type Conversation,
  ConversationPage,
  Conversation as ConversationSchema,
  ListConversations,
} from "@carillon/contracts/http/chat";
import { answer, describe, isUuid, readQuery, requireNoQuery, toResponse } from "@carillon/kit/http";
import { notFound, Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { callerOf } from "../../auth/caller.ts";
import type { ApiDeps } from "../../deps.ts";

export const listConversationsRoute = (deps: ApiDeps) =>
  new Elysia().get(
    "/api/conversations",
    async ({ request }) =>
      toResponse(
        answer(200, await listConversations(deps, callerOf(request).userId, readQuery(request, ListConversations))),
      ),
    {
      parse: "none",
      detail: describe({
        summary: "Your conversations with the assistant, the latest first",
        tag: "Chat",
        query: ListConversations,
        answers: { 200: ConversationPage },
      }),
    },
  );

export const getConversationRoute = ({ sql }: ApiDeps) =>
  new Elysia().get(
    "/api/conversations/:id",
    async ({ request, params }) => {
      const conversation = await getConversation(sql, callerOf(request).userId, params.id);
      requireNoQuery(request);
      return toResponse(answer(200, conversation));
    },
    {
      parse: "none",
      detail: describe({
        summary: "One conversation with its messages",
        tag: "Chat",
        params: { id: "The conversation's id" },
        answers: { 200: ConversationSchema },
      }),
    },
  );

export const deleteConversationRoute = ({ sql }: ApiDeps) =>
  new Elysia().delete(
    "/api/conversations/:id",
    async ({ request, params }) => {
      const { userId } = callerOf(request);
      await getConversation(sql, userId, params.id);
      requireNoQuery(request);
      await sql`delete from api.conversations where user_id = ${userId} and id = ${params.id}`;
      return toResponse(answer(204));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Delete a conversation; what it did stays done",
        tag: "Chat",
        params: { id: "The conversation's id" },
        answers: { 204: "Deleted" },
      }),
    },
  );

type Head = { id: string; title: string; created_at: Date; updated_at: Date };
type Position = { at: string; id: string };

async function listConversations(
  { sql, seals }: ApiDeps,
  userId: string,
  { limit = 50, cursor }: { limit?: number; cursor?: string },
): Promise<ConversationPage> {
  const scope = `conversations ${userId}`;
  const after = cursor === undefined ? null : seals.openCursor<Position>(scope, cursor);
  const rows = await sql<Head[]>`
    select id, title, created_at, updated_at from api.conversations
    where user_id = ${userId}
      ${after === null ? sql`` : sql`and (updated_at, id) < (${after.at}::text::timestamptz, ${after.id}::uuid)`}
    order by updated_at desc, id desc limit ${limit + 1}`;
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const position = last && { at: last.updated_at.toISOString(), id: last.id };
  return {
    data: page.map(toHead),
    next_cursor: rows.length > limit && position ? seals.sealCursor(scope, position) : null,
  };
}

/** Every conversation of the user with its messages, the latest first; one is read when the one before was taken. */
export async function* allConversations(deps: ApiDeps, userId: string): AsyncGenerator<Conversation> {
  let cursor: string | undefined;
  do {
    const page: ConversationPage = await listConversations(deps, userId, { limit: 100, ...(cursor ? { cursor } : {}) });
    for (const { id } of page.data) {
      const conversation = await getConversation(deps.sql, userId, id).catch(ifGone);
      if (conversation) yield conversation;
    }
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}

/** Deleted since its page was read. */
function ifGone(error: unknown): null {
  if (error instanceof Problem && error.code === "not_found") return null;
  throw error;
}

const toHead = ({ id, title, created_at, updated_at }: Head) => ({
  id,
  title,
  created_at: created_at.toISOString(),
  updated_at: updated_at.toISOString(),
});

type MessageRow = Omit<Conversation["messages"][number], "created_at"> & { created_at: Date };

/** The user's conversation. @throws Problem 404 when there is none. */
export async function getConversation(sql: ApiDeps["sql"], userId: string, id: string): Promise<Conversation> {
  if (!isUuid(id)) throw notFound();
  const [head] = await sql<Head[]>`
    select id, title, created_at, updated_at from api.conversations where user_id = ${userId} and id = ${id}`;
  if (!head) throw notFound();
  const messages = await sql<MessageRow[]>`
    select id, role, content, actions, proposal, created_at from api.messages
    where user_id = ${userId} and conversation_id = ${id} order by id`;
  return {
    ...toHead(head),
    messages: messages.map(({ created_at, ...message }) => ({ ...message, created_at: created_at.toISOString() })),
  };
}
