import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  customType,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  unique,
  uuid,
} from "drizzle-orm/pg-core";

/**
 * The tables of `audit`. `user_id` comes first in every key, so that the data can be sharded by user.
 * What keeps them append-only (triggers, the erase function) is in the migrations beside this
 * file's output.
 */
export const audit = pgSchema("audit");

const bytea = customType<{ data: Uint8Array }>({ dataType: () => "bytea" });

/** One change, chained to the user's change before it. */
export const entries = audit.table(
  "entries",
  {
    userId: uuid("user_id").notNull(),
    /** Position in the user's chain: 1, 2, 3 … without gaps. */
    seq: bigint("seq", { mode: "number" }).notNull(),
    /** The event's own id: identifies an event that is delivered twice. */
    id: uuid("id").notNull(),
    taskId: uuid("task_id"),
    action: text("action").notNull(),
    actor: text("actor").notNull(),
    at: timestamp("at", { withTimezone: true, precision: 3 }).notNull(),
    version: integer("version").notNull(),
    changes: jsonb("changes").notNull(),
    prevHash: bytea("prev_hash").notNull(),
    hash: bytea("hash").notNull(),
    /** Made with a key that no database holds; null only until `audit migrate` has sealed the older entries. */
    seal: bytea("seal"),
    /** The tag a tag's change is of. */
    tagId: uuid("tag_id"),
    /** Shared by what was done together. */
    batchId: uuid("batch_id"),
    /** `conversation <id>`, `token <id>` or `session <id>`, where an assistant acted. */
    via: text("via"),
  },
  (column) => [
    primaryKey({ columns: [column.userId, column.seq] }),
    unique("entries_event_unique").on(column.userId, column.id),
    index("entries_by_task").on(column.userId, column.taskId, column.seq),
    index("entries_by_action").on(column.userId, column.action, column.seq),
    // Almost every entry is by the user: only the others need an index.
    index("entries_by_actor").on(column.userId, column.actor, column.seq).where(sql`actor <> 'user'`),
    index("entries_by_time").on(column.userId, column.at),
    index("entries_by_batch").on(column.userId, column.batchId, column.seq).where(sql`batch_id is not null`),
    check("entries_seq_positive", sql`seq > 0`),
  ],
);

/**
 * The newest entry of each user's chain. It is the lock every writer takes, and shows when the newest
 * entries were cut off.
 */
export const heads = audit.table("heads", {
  userId: uuid("user_id").primaryKey(),
  seq: bigint("seq", { mode: "number" }).notNull().default(0),
  /** Of the newest entry; 32 zero bytes before the first one. */
  hash: bytea("hash").notNull().default(sql`decode(repeat('00', 32), 'hex')`),
  entryId: uuid("entry_id"),
});

/** Erased users, as irreversible digests: late events of such a user must not start a new chain. */
export const erased = audit.table("erased", { userDigest: bytea("user_digest").primaryKey() });
