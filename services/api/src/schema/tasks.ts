import type { Reminder } from "@carillon/contracts/http/tasks";
import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  foreignKey,
  index,
  integer,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { instant, tsvector } from "./column-types.ts";
import { api, owner } from "./users.ts";

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
    index("tasks_search").using("gin", column.userId, column.search, column.tagIds).with({ fastupdate: false }),
    index("tasks_of_old_editions").on(column.userId, column.id).where(sql`search_edition < 2`),
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
