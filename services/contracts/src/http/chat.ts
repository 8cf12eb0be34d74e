import { type Static, Type } from "@sinclair/typebox";
import { Cursor, Instant, limit, Nullable, Page, Strict, TimeZone, Uuid } from "./shared.ts";
import { Text } from "./text.ts";

/** `POST /api/chat`: without a conversation, a new one begins. */
export const ChatMessage = Type.Object(
  {
    message: Text({ min: 1, max: 4_000, multiline: true, examples: ["What is overdue?"] }),
    conversation_id: Type.Optional(Uuid),
  },
  Strict,
);
export type ChatMessage = Static<typeof ChatMessage>;

export const ChatConfirm = Type.Object({ proposal_id: Uuid }, Strict);

/** One thing that was done in a turn: a card of the chat. */
export const ChatAction = Type.Object({
  tool: Type.String({ examples: ["create_task"] }),
  task_id: Nullable(Uuid),
  summary: Type.String(),
  due_date: Nullable(Instant),
  due_local: Nullable(Type.String({ examples: ["Friday 2026-12-04 17:00"] })),
  time_zone: TimeZone,
  next_dates: Type.Array(Type.String(), {
    description: "up to three dates after this one, as the zone's clocks show them",
  }),
  audit_ids: Type.Array(Uuid),
});
export type ChatAction = Static<typeof ChatAction>;

/** What would be done after a yes: `POST /api/chat/confirm` with its id, once, within five minutes. */
export const ChatProposal = Type.Object({
  id: Uuid,
  summary: Type.String(),
  changes: Type.Array(Type.Object({ task_id: Nullable(Uuid), text: Type.String() })),
  expires_at: Instant,
});
export type ChatProposal = Static<typeof ChatProposal>;

export const ChatAnswer = Type.Object({
  conversation_id: Uuid,
  reply: Type.String(),
  actions: Type.Array(ChatAction),
  proposal: Nullable(ChatProposal),
});
export type ChatAnswer = Static<typeof ChatAnswer>;

const about = { id: Uuid, title: Type.String(), created_at: Instant, updated_at: Instant };

export const ListConversations = Type.Object({ limit: limit(50), cursor: Type.Optional(Cursor) });
export const ConversationPage = Page(Type.Object(about));
export type ConversationPage = Static<typeof ConversationPage>;

export const ChatEntry = Type.Object({
  id: Uuid,
  role: Type.Union([Type.Literal("user"), Type.Literal("assistant")]),
  content: Type.String(),
  actions: Type.Array(ChatAction),
  proposal: Nullable(ChatProposal),
  created_at: Instant,
});
export type ChatEntry = Static<typeof ChatEntry>;

/** A conversation with its messages, oldest first. */
export const Conversation = Type.Object({ ...about, messages: Type.Array(ChatEntry) });
export type Conversation = Static<typeof Conversation>;
