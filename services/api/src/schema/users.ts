import type { DayParts } from "@carillon/contracts/http/quick-add";
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
  text,
  uuid,
} from "drizzle-orm/pg-core";
import { instant } from "./column-types.ts";

/** The tables of `api`. `user_id` comes first in each user's keys, for sharding; triggers are in the migrations. */
export const api = pgSchema("api");

export const users = api.table(
  "users",
  {
    id: uuid("id").primaryKey(),
    email: text("email").notNull(),
    /** The case-insensitive address: unique, and the key for sign-in. Null once another account has proven the address. */
    emailKey: text("email_key").unique("users_email_key_unique"),
    /** When the address was proven by a link that was mailed to it. */
    emailVerifiedAt: instant("email_verified_at"),
    /** The address's key while an older account that has not proven it holds it: becomes `email_key` with the proof. */
    claimedKey: text("claimed_key"),
    /** The language of mails, as the last sign-in preferred it. */
    language: text("language", { enum: ["en", "de"] })
      .notNull()
      .default("en"),
    name: text("name").notNull().default(""),
    /** Null: the account is opened by a provider or a passkey alone. */
    passwordHash: text("password_hash"),
    timeZone: text("time_zone").notNull().default("UTC"),
    notifyByEmail: boolean("notify_by_email").notNull().default(true),
    /** The language of the lines this user writes; null: as the browser prefers. */
    wordsLanguage: text("words_language", { enum: ["en", "de"] }),
    dateOrder: text("date_order", { enum: ["dmy", "mdy"] })
      .notNull()
      .default("dmy"),
    /** How times are written for this user. */
    hourCycle: text("hour_cycle", { enum: ["h23", "h12"] })
      .notNull()
      .default("h23"),
    weekStart: text("week_start", { enum: ["monday", "saturday", "sunday"] })
      .notNull()
      .default("monday"),
    /** Only the parts that differ from the usual ones. */
    dayParts: jsonb("day_parts").$type<Partial<DayParts>>().notNull().default({}),
    /** Counts this user's events; the holder of this row's lock is the only writer of the user's data. */
    changeSeq: bigint("change_seq", { mode: "number" }).notNull().default(0),
    /** How many of this user's events belong to the history; null for an account from before they were counted. */
    historyEvents: bigint("history_events", { mode: "number" }).default(0),
    liveTasks: integer("live_tasks").notNull().default(0),
    tagCount: integer("tag_count").notNull().default(0),
    /** How many webhooks hear of changes: a change looks for them only where there are some. */
    eventHooks: integer("event_hooks").notNull().default(0),
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

/** The key that ends a row with its user. */
export const owner = (name: string, userId: AnyPgColumn) =>
  foreignKey({ name, columns: [userId], foreignColumns: [users.id] }).onDelete("cascade");
