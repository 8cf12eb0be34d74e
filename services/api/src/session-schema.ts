import { sql } from "drizzle-orm";
import { index, primaryKey, text, uuid } from "drizzle-orm/pg-core";
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
