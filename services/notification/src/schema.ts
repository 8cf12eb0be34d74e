import { sql } from "drizzle-orm";
import { index, integer, pgSchema, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";

/**
 * The tables of `notification`. Ids only: whose address and which words are asked of api when a mail is sent. `user_id` stands first in
 * every key, so that the data can be spread by user.
 */
export const notification = pgSchema("notification");

const instant = <Name extends string>(name: Name) => timestamp(name, { withTimezone: true, precision: 3 });

/**
 * The ledger: one row for each plan (generation) of each reminder that api has announced, with exactly one end. It is its own inbox: an event
 * that comes again finds its row. Alarms are made from it and never asked.
 */
export const deliveries = notification.table(
  "deliveries",
  {
    userId: uuid("user_id").notNull(),
    reminderId: uuid("reminder_id").notNull(),
    generation: integer("generation").notNull(),
    taskId: uuid("task_id").notNull(),
    remindAt: instant("remind_at").notNull(),
    status: text("status", { enum: ["pending", "sent", "failed", "missed", "cancelled"] }).notNull(),
    reason: text("reason"),
    /** How often a send was begun. */
    attempts: integer("attempts").notNull().default(0),
    /** When it may be taken next: at first its instant, then the end of a lease or of a wait. By the database's clock. */
    nextTryAt: timestamp("next_try_at", { withTimezone: true }).notNull(),
    /** Whoever holds this may send; taken over when `next_try_at` has passed. */
    lease: uuid("lease"),
    /** When its alarm was set; null: there is none that we know of. */
    armedAt: timestamp("armed_at", { withTimezone: true }),
    /** When to tell api of it; null: api knows. */
    reportAt: timestamp("report_at", { withTimezone: true }),
    sentAt: instant("sent_at"),
    endedAt: timestamp("ended_at", { withTimezone: true }),
    /** The trace of the change that planned it; when it has ended, of its mail. */
    traceparent: text("traceparent"),
  },
  (column) => [
    primaryKey({ columns: [column.userId, column.reminderId, column.generation] }),
    index("deliveries_by_reminder").on(column.reminderId, column.generation),
    index("deliveries_next").on(column.nextTryAt).where(sql`status = 'pending'`),
    index("deliveries_to_arm").on(column.remindAt).where(sql`status = 'pending' and armed_at is null`),
    index("deliveries_to_clear").on(column.remindAt).where(sql`status = 'cancelled' and armed_at is not null`),
    index("deliveries_to_report").on(column.reportAt).where(sql`report_at is not null`),
    index("deliveries_by_time").on(column.remindAt),
  ],
);

/** Every try to send, for people who ask what happened to a mail. */
export const notificationLog = notification.table(
  "notification_log",
  {
    userId: uuid("user_id").notNull(),
    id: uuid("id").notNull(),
    taskId: uuid("task_id").notNull(),
    reminderId: uuid("reminder_id").notNull(),
    generation: integer("generation").notNull(),
    notificationType: text("notification_type").notNull(),
    status: text("status", { enum: ["sent", "retrying", "failed"] }).notNull(),
    /** How many tries went before. */
    retryCount: integer("retry_count").notNull().default(0),
    /** What the provider said; null when it took the mail. */
    detail: text("detail"),
    messageId: text("message_id"),
    sentAt: instant("sent_at"),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  },
  (column) => [
    primaryKey({ columns: [column.userId, column.id] }),
    index("notification_log_by_reminder").on(column.userId, column.reminderId),
    index("notification_log_age").using("brin", column.createdAt),
  ],
);
