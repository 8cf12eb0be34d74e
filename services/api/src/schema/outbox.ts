import { sql } from "drizzle-orm";
import { bigint, index, jsonb, primaryKey, smallint, text, timestamp, unique, uuid } from "drizzle-orm/pg-core";
import { bytea, instant, xid8 } from "./column-types.ts";
import { api, owner } from "./users.ts";

/** Rows outlive their user on purpose: `user.erased` is a user's last event. */
export const outbox = api.table(
  "outbox",
  {
    userId: uuid("user_id").notNull(),
    changeSeq: bigint("change_seq", { mode: "number" }).notNull(),
    id: bigint("id", { mode: "number" }).generatedAlwaysAsIdentity(),
    slot: smallint("slot").notNull(),
    eventId: uuid("event_id").notNull(),
    type: text("type").notNull(),
    entityId: uuid("entity_id").notNull(),
    taskId: uuid("task_id"),
    event: jsonb("event").notNull(),
    xid: xid8("xid").notNull().default(sql`pg_current_xact_id()`),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
    publishedAt: timestamp("published_at", { withTimezone: true }),
    /** When the relay parked it because no release so far could read it, and why. */
    parkedAt: timestamp("parked_at", { withTimezone: true }),
    parkedReason: text("parked_reason"),
    /** Shared by what can be undone together. */
    batchId: uuid("batch_id"),
  },
  (column) => [
    primaryKey({ columns: [column.userId, column.changeSeq] }),
    unique("outbox_event_unique").on(column.eventId),
    index("outbox_unpublished").on(column.slot, column.id).where(sql`published_at is null`),
    index("outbox_waiting").on(column.slot, column.id).where(sql`published_at is null and parked_at is null`),
    index("outbox_batches").on(column.userId, column.batchId).where(sql`batch_id is not null`),
    index("outbox_parked").on(column.id).where(sql`parked_reason is not null`),
    // Rows arrive in the order of their age: a few kilobytes find those a week old.
    index("outbox_age").using("brin", column.createdAt),
  ],
);

export const idempotencyKeys = api.table(
  "idempotency_keys",
  {
    userId: uuid("user_id").notNull(),
    key: text("key").notNull(),
    requestHash: bytea("request_hash").notNull(),
    status: smallint("status").notNull(),
    headers: jsonb("headers").notNull(),
    /** The answer's JSON, sealed: an answer may hold a token that is stored nowhere else. */
    body: bytea("body").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (column) => [
    primaryKey({ columns: [column.userId, column.key] }),
    owner("idempotency_keys_owner", column.userId),
    index("idempotency_keys_age").on(column.createdAt),
  ],
);
