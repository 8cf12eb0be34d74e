import { sql } from "drizzle-orm";
import { index, integer, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { instant } from "./column-types.ts";
import { api, owner } from "./schema.ts";

/** A place where a user is signed in. */
export const sessions = api.table(
  "sessions",
  {
    userId: uuid("user_id").notNull(),
    id: uuid("id").notNull(),
    createdAt: instant("created_at").notNull(),
    /** Within five minutes: not each request costs a write. */
    lastUsedAt: instant("last_used_at").notNull().default(sql`now()`),
    /** Seven days after the last use, and no more than `SESSION_MAX_DAYS` after it was made. */
    expiresAt: instant("expires_at").notNull(),
    /** The browser or program in our own words, and where it came from, as they were at sign-in. */
    client: text("client").notNull().default("unknown"),
    address: text("address"),
  },
  (column) => [
    primaryKey({ columns: [column.userId, column.id] }),
    owner("sessions_owner", column.userId),
    index("sessions_expiry").on(column.expiresAt),
  ],
);

/** Mails about the account itself: ways back into it, and news of what was done with it. notification sends them. */
export const letters = api.table(
  "letters",
  {
    userId: uuid("user_id").notNull(),
    id: uuid("id").notNull(),
    kind: text("kind", { enum: ["reset", "password_changed"] }).notNull(),
    createdAt: instant("created_at").notNull(),
    /** It is not sent any more then, and what it opens is closed. Used earlier, the row is gone. */
    expiresAt: instant("expires_at").notNull(),
    /** How often it was given to notification. */
    tries: integer("tries").notNull().default(0),
    nextTryAt: instant("next_try_at").notNull(),
    /** When it was sent or given up. */
    endedAt: instant("ended_at"),
  },
  (column) => [
    primaryKey({ columns: [column.userId, column.id] }),
    owner("letters_owner", column.userId),
    index("letters_next").on(column.nextTryAt).where(sql`ended_at is null`),
    index("letters_expiry").on(column.expiresAt),
  ],
);

/** Addresses for which a way back was asked, whether they have an account or not; looked up when mail is sent. */
export const forgotten = api.table("forgotten", {
  id: uuid("id").primaryKey(),
  emailKey: text("email_key").notNull(),
  createdAt: instant("created_at").notNull(),
});
