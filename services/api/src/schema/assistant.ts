import { date, foreignKey, index, integer, jsonb, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { bytea, instant } from "./column-types.ts";
import { api, owner } from "./users.ts";

/** What the assistant keeps of its user: conversations, what it asked, and what its model took. */
export const conversations = api.table(
  "conversations",
  {
    userId: uuid("user_id").notNull(),
    id: uuid("id").notNull(),
    title: text("title").notNull(),
    /** What the last turn spoke of: the tasks that "it" means, a question that waits for its answer, a proposal. */
    state: jsonb("state").notNull(),
    /** A turn is under way until then at the latest. */
    busyUntil: instant("busy_until"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (column) => [
    primaryKey({ columns: [column.userId, column.id] }),
    owner("conversations_owner", column.userId),
    index("conversations_by_update").on(column.userId, column.updatedAt, column.id),
  ],
);

export const messages = api.table(
  "messages",
  {
    userId: uuid("user_id").notNull(),
    conversationId: uuid("conversation_id").notNull(),
    id: uuid("id").notNull(),
    role: text("role", { enum: ["user", "assistant"] }).notNull(),
    content: text("content").notNull(),
    actions: jsonb("actions").notNull(),
    proposal: jsonb("proposal"),
    createdAt: instant("created_at").notNull(),
  },
  (column) => [
    primaryKey({ columns: [column.userId, column.conversationId, column.id] }),
    foreignKey({
      name: "messages_conversation",
      columns: [column.userId, column.conversationId],
      foreignColumns: [conversations.userId, conversations.id],
    }).onDelete("cascade"),
  ],
);

/** Tokens of a model that a user's chats took on a day (UTC). */
export const chatUsage = api.table(
  "chat_usage",
  {
    userId: uuid("user_id").notNull(),
    usedOn: date("used_on").notNull(),
    tokens: integer("tokens").notNull(),
  },
  (column) => [primaryKey({ columns: [column.userId, column.usedOn] }), owner("chat_usage_owner", column.userId)],
);

/** What an assistant asked its user about before doing it. The yes is used up in the transaction of what it allows. */
export const proposals = api.table(
  "proposals",
  {
    userId: uuid("user_id").notNull(),
    id: uuid("id").notNull(),
    /** On whose word: `conversation <id>`, `token <id>` or `session <id>`. */
    askedBy: text("asked_by").notNull(),
    tool: text("tool").notNull(),
    input: jsonb("input").notNull(),
    inputHash: bytea("input_hash").notNull(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    usedAt: instant("used_at"),
  },
  (column) => [
    primaryKey({ columns: [column.userId, column.id] }),
    owner("proposals_owner", column.userId),
    index("proposals_expiry").on(column.expiresAt),
  ],
);
