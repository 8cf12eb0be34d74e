import type { ChatAction, ChatEntry, ChatProposal } from "@carillon/contracts/http/chat";
import type { Tx } from "@carillon/kit/database";
import { isUuid } from "@carillon/kit/http";
import { notFound, Problem } from "@carillon/kit/service";
import type { ApiDeps } from "../../deps.ts";
import { type ChatState, noState } from "./turn.ts";

/** The oldest conversations make room, and a conversation does not grow without end. */
const maxConversations = 200;
const maxMessages = 500;
/** A model reads the latest messages only. */
const maxHistory = 20;

/** A turn that may speak: its conversation, what that remembers, and what was said before. */
export type Started = { conversationId: string; state: ChatState; history: Pick<ChatEntry, "role" | "content">[] };

/**
 * Begins a turn with the user's message. One turn of a conversation runs at a time, on whatever replica; one that is never ended is in
 * the way for `maxMs` at most.
 * @throws Problem 404 for a conversation that is not the user's, 409 while a turn runs and for one that is full.
 */
export async function beginTurn(
  { sql, clock, newId }: ApiDeps,
  userId: string,
  { message, conversationId, maxMs }: { message: string; conversationId: string | undefined; maxMs: number },
): Promise<Started> {
  const now = clock.now();
  const busyUntil = new Date(now.getTime() + maxMs);
  return sql.begin(async (tx): Promise<Started> => {
    const id = conversationId ?? newId();
    const state =
      conversationId === undefined
        ? await open(tx, userId, { id, title: titleOf(message), now, busyUntil })
        : await take(tx, userId, { id, now, busyUntil });
    const rows = await tx<Started["history"]>`
      select role, content from api.messages where user_id = ${userId} and conversation_id = ${id}
      order by id desc limit ${maxHistory}`;
    await add(tx, userId, { conversationId: id, id: newId(), role: "user", content: message, now });
    return { conversationId: id, state, history: rows.reverse() };
  }) as Promise<Started>;
}

type Opening = { id: string; title: string; now: Date; busyUntil: Date };

async function open(tx: Tx, userId: string, { id, title, now, busyUntil }: Opening): Promise<ChatState> {
  await tx`
    delete from api.conversations where user_id = ${userId} and id in (
      select id from api.conversations where user_id = ${userId} order by updated_at desc, id desc offset ${maxConversations - 1})`;
  await tx`
    insert into api.conversations (user_id, id, title, state, busy_until, created_at, updated_at)
    values (${userId}, ${id}, ${title}, ${tx.json(noState as never)}, ${busyUntil}, ${now}, ${now})`;
  return noState;
}

async function take(tx: Tx, userId: string, { id, now, busyUntil }: Omit<Opening, "title">): Promise<ChatState> {
  if (!isUuid(id)) throw notFound();
  const [row] = await tx<{ state: ChatState; is_busy: boolean; messages: number }[]>`
    select state, coalesce(busy_until > ${now}::timestamptz, false) as is_busy,
      (select count(*)::int4 from api.messages m where m.user_id = c.user_id and m.conversation_id = c.id) as messages
    from api.conversations c where c.user_id = ${userId} and c.id = ${id} for update`;
  if (!row) throw notFound();
  if (row.is_busy)
    throw new Problem("conflict", "An answer is under way in this conversation; wait for it or stop it.");
  if (row.messages >= maxMessages) throw new Problem("conflict", "This conversation is full; begin a new one.");
  await tx`update api.conversations set busy_until = ${busyUntil} where user_id = ${userId} and id = ${id}`;
  return row.state;
}

const titleOf = (message: string): string => Array.from(message.replace(/\s+/g, " ").trim()).slice(0, 80).join("");

type Message = {
  conversationId: string;
  id: string;
  role: ChatEntry["role"];
  content: string;
  now: Date;
  actions?: ChatAction[];
  proposal?: ChatProposal | null;
};

async function add(tx: Tx, userId: string, message: Message): Promise<void> {
  const { conversationId, id, role, content, now, actions = [], proposal = null } = message;
  await tx`
    insert into api.messages (user_id, conversation_id, id, role, content, actions, proposal, created_at)
    values (${userId}, ${conversationId}, ${id}, ${role}, ${content}, ${tx.json(actions as never)},
      ${proposal === null ? null : tx.json(proposal as never)}, ${now})`;
}

export type Ended = { reply: string; actions: ChatAction[]; proposal: ChatProposal | null; state: ChatState };

/** Ends the turn: what was said and done is kept, and the next may begin. */
export async function endTurn(
  { sql, clock, newId }: ApiDeps,
  userId: string,
  conversationId: string,
  { reply, actions, proposal, state }: Ended,
): Promise<void> {
  const now = clock.now();
  await sql.begin(async (tx) => {
    const kept = await tx`
      update api.conversations set busy_until = null, updated_at = ${now}, state = ${tx.json(state as never)}
      where user_id = ${userId} and id = ${conversationId} returning id`;
    // Deleted meanwhile: there is nothing to add to.
    if (kept.length === 0) return;
    await add(tx, userId, { conversationId, id: newId(), role: "assistant", content: reply, now, actions, proposal });
  });
}
