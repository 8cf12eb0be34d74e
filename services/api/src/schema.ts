import type { Reminder } from "@carillon/contracts/http/tasks";
import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  bigint,
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { bytea, instant, tsvector, xid8 } from "./column-types.ts";

/** The tables of `api`. `user_id` comes first in each user's keys, for sharding; triggers are in the migrations. */
export const api = pgSchema("api");

export const users = api.table(
  "users",
  {
    id: uuid("id").primaryKey(),
    email: text("email").notNull(),
    /** The case-insensitive address: unique, and the key for sign-in. */
    emailKey: text("email_key").notNull().unique("users_email_key_unique"),
    name: text("name").notNull().default(""),
    passwordHash: text("password_hash").notNull(),
    timeZone: text("time_zone").notNull().default("UTC"),
    notifyByEmail: boolean("notify_by_email").notNull().default(true),
    /** Counts this user's events; the holder of this row's lock is the only writer of the user's data. */
    changeSeq: bigint("change_seq", { mode: "number" }).notNull().default(0),
    /** How many of this user's events belong to the history; null for an account from before they were counted. */
    historyEvents: bigint("history_events", { mode: "number" }).default(0),
    liveTasks: integer("live_tasks").notNull().default(0),
    tagCount: integer("tag_count").notNull().default(0),
    createdAt: instant("created_at").notNull(),
    /** The IANA release whose rules turned this user's wall times into instants. */
    zoneRelease: text("zone_release").notNull().default("2026a"),
    /** The zone of this user's open all-day tasks; differs from `time_zone` while they are being moved. */
    daysZone: text("days_zone").notNull().default("UTC"),
    /** While the instants are moved to another release in batches: to which, and up to which task. */
    seatingRelease: text("seating_release"),
    seatedUpTo: uuid("seated_up_to"),
  },
  (column) => [
    index("users_by_zone_release").on(column.zoneRelease),
    index("users_days_elsewhere").on(column.id).where(sql`days_zone <> time_zone`),
  ],
);

/** Every release of the zone rules behind instants here: `tzdata.zi` in full. The newest one is in force. */
export const zoneReleases = api.table("zone_releases", {
  release: text("release").primaryKey(),
  data: text("data").notNull(),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
});

export const owner = (name: string, userId: AnyPgColumn) =>
  foreignKey({ name, columns: [userId], foreignColumns: [users.id] }).onDelete("cascade");

export const tokens = api.table(
  "tokens",
  {
    userId: uuid("user_id").notNull(),
    id: uuid("id").notNull(),
    name: text("name").notNull(),
    scope: text("scope", { enum: ["read", "write"] }).notNull(),
    /** SHA-256 of the token; the token itself is shown once and stored nowhere. */
    tokenHash: bytea("token_hash").notNull().unique("tokens_hash_unique"),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at"),
  },
  (column) => [
    primaryKey({ columns: [column.userId, column.id] }),
    owner("tokens_owner", column.userId),
    index("tokens_expiry").on(column.expiresAt).where(sql`expires_at is not null`),
  ],
);

export const tasks = api.table(
  "tasks",
  {
    userId: uuid("user_id").notNull(),
    id: uuid("id").notNull(),
    title: text("title").notNull(),
    description: text("description").notNull().default(""),
    /** 0 low, 1 medium, 2 high, 3 urgent: the ascending order of priorities. */
    priority: smallint("priority").notNull().default(1),
    dueAt: instant("due_at"),
    timeZone: text("time_zone").notNull(),
    allDay: boolean("all_day").notNull().default(false),
    /** May name deleted tags; readers join. Deleting a tag then costs one row, however many tasks have it. */
    tagIds: uuid("tag_ids").array().notNull().default(sql`'{}'`),
    recurringPattern: text("recurring_pattern"),
    rrule: text("rrule"),
    rruleText: text("rrule_text"),
    recurrenceAnchor: text("recurrence_anchor", { enum: ["due_date", "completion"] })
      .notNull()
      .default("due_date"),
    recurrenceEndsAt: instant("recurrence_ends_at"),
    seriesId: uuid("series_id"),
    seriesStart: instant("series_start"),
    occurrenceAt: instant("occurrence_at"),
    excludedDates: timestamp("excluded_dates", { withTimezone: true, precision: 3 })
      .array()
      .notNull()
      .default(sql`'{}'`),
    /** How many of COUNT's dates the series has used, this one included; for dates counted from completions. */
    seriesOrdinal: integer("series_ordinal"),
    parentTaskId: uuid("parent_task_id"),
    /** What follows its completion: undecided, a successor, or the series' end; null: nothing is needed. */
    succession: text("succession", { enum: ["open", "made", "ended"] }),
    /** How many of its versions come from moving it to other zone rules or another zone: those are not edits. */
    seatings: integer("seatings").notNull().default(0),
    /** The last version of a successor removed with its completion: the next one of the same id continues it. */
    successorVersion: integer("successor_version"),
    completedAt: instant("completed_at"),
    version: integer("version").notNull(),
    changeSeq: bigint("change_seq", { mode: "number" }).notNull(),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    deletedAt: instant("deleted_at"),
    /** The instant from which it is overdue while pending: `due_at`, `all_day` and `time_zone` combined. */
    overdueAt: instant("overdue_at"),
    /** Title (weight A) and description (B), parted as `search-text.ts` says in that edition. */
    search: tsvector("search").notNull(),
    searchEdition: smallint("search_edition").notNull().default(0),
  },
  (column) => [
    primaryKey({ columns: [column.userId, column.id] }),
    owner("tasks_owner", column.userId),
    // Nulls last both ways: "no date" sorts as infinitely late, or as infinitely early.
    index("tasks_by_due").on(column.userId, sql`coalesce(due_at, 'infinity'::timestamptz)`, column.id),
    index("tasks_by_due_back").on(column.userId, sql`coalesce(due_at, '-infinity'::timestamptz) desc`, column.id),
    // Pending tasks, without reading through the completed ones.
    index("tasks_pending_by_due")
      .on(column.userId, sql`coalesce(due_at, 'infinity'::timestamptz)`, column.id)
      .where(sql`completed_at is null and deleted_at is null`),
    index("tasks_recurring")
      .on(column.userId, sql`coalesce(due_at, 'infinity'::timestamptz)`, column.id)
      .where(sql`rrule is not null`),
    index("tasks_by_created").on(column.userId, column.createdAt, column.id),
    index("tasks_by_updated").on(column.userId, column.updatedAt, column.id),
    // Both ways: with so few values, reversing one would sort a quarter of all tasks by id.
    index("tasks_by_priority").on(column.userId, column.priority, column.id),
    index("tasks_by_priority_back").on(column.userId, column.priority.desc().nullsFirst(), column.id),
    index("tasks_by_title").on(column.userId, sql`title collate "unicode"`, column.id),
    index("tasks_by_change").on(column.userId, column.changeSeq),
    index("tasks_in_trash").on(column.deletedAt).where(sql`deleted_at is not null`),
    index("tasks_trash_by_due")
      .on(column.userId, sql`coalesce(due_at, 'infinity'::timestamptz)`, column.id)
      .where(sql`deleted_at is not null`),
    index("tasks_search").using("gin", column.userId, column.search, column.tagIds),
    index("tasks_of_old_editions").on(column.userId, column.id).where(sql`search_edition < 1`),
    index("tasks_open_succession")
      .on(column.completedAt, column.userId, column.id)
      .where(sql`succession = 'open' and completed_at is not null and rrule is not null and deleted_at is null`),
    uniqueIndex("tasks_one_successor").on(column.userId, column.parentTaskId).where(sql`parent_task_id is not null`),
  ],
);

export const tags = api.table(
  "tags",
  {
    userId: uuid("user_id").notNull(),
    id: uuid("id").notNull(),
    name: text("name").notNull(),
    /** The name in NFC and lower case: unique per user. */
    nameKey: text("name_key").notNull(),
    color: text("color").notNull(),
    version: integer("version").notNull(),
    changeSeq: bigint("change_seq", { mode: "number" }).notNull(),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (column) => [
    primaryKey({ columns: [column.userId, column.id] }),
    owner("tags_owner", column.userId),
    uniqueIndex("tags_name_unique").on(column.userId, sql`name_key collate "C"`),
    index("tags_by_change").on(column.userId, column.changeSeq),
  ],
);

export const reminders = api.table(
  "reminders",
  {
    userId: uuid("user_id").notNull(),
    taskId: uuid("task_id").notNull(),
    id: uuid("id").notNull(),
    position: smallint("position").notNull(),
    /** The offset as sent (`1d`); null: an absolute reminder. */
    before: text("before"),
    remindAt: instant("remind_at"),
    state: text("state", { enum: ["pending", "sent", "failed", "missed", "cancelled"] }).notNull(),
    reason: text("reason").$type<NonNullable<Reminder["reason"]>>(),
    sentAt: instant("sent_at"),
    /** Grows with every new plan of this reminder; alarms of an older one have no effect. */
    generation: integer("generation").notNull().default(1),
    /** Set by a snooze: it belongs to this occurrence only. */
    isSnooze: boolean("is_snooze").notNull().default(false),
    changeSeq: bigint("change_seq", { mode: "number" }).notNull(),
  },
  (column) => [
    primaryKey({ columns: [column.userId, column.taskId, column.id] }),
    foreignKey({
      name: "reminders_task",
      columns: [column.userId, column.taskId],
      foreignColumns: [tasks.userId, tasks.id],
    }).onDelete("cascade"),
    index("reminders_due").on(column.remindAt, column.id).where(sql`state = 'pending'`),
    // Alarms identify a reminder by its id alone.
    index("reminders_by_id").on(column.id),
    index("reminders_by_time").on(column.userId, sql`coalesce(remind_at, '-infinity'::timestamptz) desc`, column.id),
  ],
);

/** Attempts to mail a reminder's plan, reported by notification: no change of the reminder itself. */
export const reminderAttempts = api.table(
  "reminder_attempts",
  {
    userId: uuid("user_id").notNull(),
    taskId: uuid("task_id").notNull(),
    id: uuid("id").notNull(),
    generation: integer("generation").notNull(),
    attempts: integer("attempts").notNull(),
  },
  (column) => [
    primaryKey({ columns: [column.userId, column.taskId, column.id] }),
    foreignKey({
      name: "reminder_attempts_reminder",
      columns: [column.userId, column.taskId, column.id],
      foreignColumns: [reminders.userId, reminders.taskId, reminders.id],
    }).onDelete("cascade"),
  ],
);

/** Permanently removed rows, for clients that sync. */
export const tombstones = api.table(
  "tombstones",
  {
    userId: uuid("user_id").notNull(),
    changeSeq: bigint("change_seq", { mode: "number" }).notNull(),
    type: text("type", { enum: ["task", "tag"] }).notNull(),
    id: uuid("id").notNull(),
  },
  (column) => [
    primaryKey({ columns: [column.userId, column.changeSeq, column.id] }),
    owner("tombstones_owner", column.userId),
  ],
);

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

/** Where an account was signed in to from, hashed: what comes from there is not slowed by strangers' wrong passwords. */
export const knownClients = api.table(
  "known_clients",
  {
    userId: uuid("user_id").notNull(),
    client: bytea("client").notNull(),
    lastSeenAt: instant("last_seen_at").notNull(),
  },
  (column) => [
    primaryKey({ columns: [column.userId, column.client] }),
    owner("known_clients_owner", column.userId),
    index("known_clients_expiry").on(column.lastSeenAt),
  ],
);

/** Per account or known client, the recent password attempts. Unlogged by migration: a crash may clear the delays. */
export const passwordTries = api.table(
  "password_tries",
  {
    key: text("key").primaryKey(),
    tries: integer("tries").notNull(),
    nextAt: timestamp("next_at", { withTimezone: true }).notNull(),
    forgottenAt: timestamp("forgotten_at", { withTimezone: true }).notNull(),
  },
  (column) => [index("password_tries_expiry").on(column.forgottenAt)],
);

/** Per caller, when its bucket is empty again (GCRA). Unlogged by migration: worthless after a crash. */
export const rateLimits = api.table("rate_limits", {
  key: text("key").primaryKey(),
  emptyAt: timestamp("empty_at", { withTimezone: true }).notNull(),
});
