import { sql } from "drizzle-orm";
import { index, integer, pgSchema, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";

/**
 * The tables of `notification`. Ids only: address and text are requested from api when a mail is sent.
 * `user_id` comes first in every key, so that the data can be sharded by user.
 */
export const notification = pgSchema("notification");

const instant = <Name extends string>(name: Name) => timestamp(name, { withTimezone: true, precision: 3 });

/**
 * The ledger: one row for each plan (generation) of each reminder that api has announced, with exactly
 * one end. It doubles as the inbox: a repeated event finds its row. Alarms derive from it and are
 * never consulted.
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
    /** Number of sends started. */
    attempts: integer("attempts").notNull().default(0),
    /**
     * When it may be claimed next: at first its instant, then the end of a lease or of a pause. By the
     * database's clock.
     */
    nextTryAt: timestamp("next_try_at", { withTimezone: true }).notNull(),
    /** The sender that holds this lease may send; expired when `next_try_at` has passed. */
    lease: uuid("lease"),
    /** When its alarm was set; null: none is known. */
    armedAt: timestamp("armed_at", { withTimezone: true }),
    /** When to report it to api; null: reported. */
    reportAt: timestamp("report_at", { withTimezone: true }),
    sentAt: instant("sent_at"),
    endedAt: timestamp("ended_at", { withTimezone: true }),
    /** The trace of the change that planned it; once ended, of its mail. */
    traceparent: text("traceparent"),
    /** The cause of its announcement, for the logs and for the event of its end. */
    correlationId: text("correlation_id"),
    causationId: text("causation_id"),
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

/** Every attempt to send, for support questions about a mail. */
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
    /** Number of earlier attempts. */
    retryCount: integer("retry_count").notNull().default(0),
    /** The provider's error; null when it took the mail. */
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
