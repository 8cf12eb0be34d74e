import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  index,
  integer,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { bytea, instant } from "./column-types.ts";
import { api, owner } from "./users.ts";

/** Where a user hears of things besides mail, which is a setting of the user. The row is also the head of the channel's queue. */
export const channels = api.table(
  "channels",
  {
    userId: uuid("user_id").notNull(),
    id: uuid("id").notNull(),
    kind: text("kind", { enum: ["ntfy", "webhook", "web_push"] }).notNull(),
    name: text("name").notNull(),
    /** Its address and secrets, encrypted: an address alone may be enough to write there. */
    sealed: bytea("sealed").notNull(),
    /** Stands for the address where it must be recognised and not be read. */
    recipient: bytea("recipient").notNull(),
    /** What a webhook hears of; other channels ring for reminders only. */
    events: text("events").array().notNull().default(sql`'{}'`),
    rings: boolean("rings").notNull(),
    createdAt: instant("created_at").notNull(),
    /** When its queue should be looked at; null: nothing waits. */
    nextAt: timestamp("next_at", { withTimezone: true }),
    /** Until then one sender has it, so that its messages keep their order. */
    leasedUntil: timestamp("leased_until", { withTimezone: true }),
  },
  (column) => [
    primaryKey({ columns: [column.userId, column.id] }),
    owner("channels_owner", column.userId),
    uniqueIndex("channels_one_per_target").on(column.userId, column.kind, column.recipient),
    index("channels_next").on(column.nextAt).where(sql`next_at is not null`),
  ],
);

/**
 * The ledger of channels: a row for each message and channel, with one end. The part of a reminder that
 * is mailed has a row only where other channels ring beside it; notification's ledger sends it. Ids only.
 */
export const channelSends = api.table(
  "channel_sends",
  {
    userId: uuid("user_id").notNull(),
    /** The message's id as its receiver sees it, the same for each attempt. */
    id: uuid("id").notNull(),
    /** For mail the user's own id. */
    channelId: uuid("channel_id").notNull(),
    kind: text("kind", { enum: ["email", "ntfy", "webhook", "web_push"] }).notNull(),
    about: text("about", { enum: ["reminder", "event", "test"] }).notNull(),
    eventType: text("event_type"),
    taskId: uuid("task_id"),
    reminderId: uuid("reminder_id"),
    generation: integer("generation"),
    /** An event's place in the outbox, which has its text. */
    changeSeq: bigint("change_seq", { mode: "number" }),
    recipient: bytea("recipient"),
    state: text("state", { enum: ["pending", "sent", "failed", "missed", "cancelled"] }).notNull(),
    reason: text("reason"),
    attempts: integer("attempts").notNull().default(0),
    /** The receiver's last answer. */
    statusCode: smallint("status_code"),
    detail: text("detail"),
    nextTryAt: timestamp("next_try_at", { withTimezone: true }).notNull(),
    createdAt: instant("created_at").notNull(),
    sentAt: instant("sent_at"),
    endedAt: instant("ended_at"),
  },
  (column) => [
    primaryKey({ columns: [column.userId, column.id] }),
    owner("channel_sends_owner", column.userId),
    uniqueIndex("channel_sends_once_per_reminder")
      .on(column.userId, column.reminderId, column.generation, column.channelId)
      .where(sql`about = 'reminder'`),
    uniqueIndex("channel_sends_once_per_event")
      .on(column.userId, column.channelId, column.changeSeq)
      .where(sql`about = 'event'`),
    index("channel_sends_waiting").on(column.userId, column.channelId, column.nextTryAt).where(sql`state = 'pending'`),
    index("channel_sends_log").on(column.userId, column.channelId, column.id),
    index("channel_sends_by_recipient").on(column.recipient, column.createdAt),
    index("channel_sends_age").using("brin", column.createdAt),
  ],
);

/** The public half of the key of web pushes; notification has the other. One row. */
export const pushKey = api.table("push_key", {
  one: boolean("one").primaryKey().default(true),
  publicKey: text("public_key"),
});
