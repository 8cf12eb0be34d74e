import { primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { bytea, instant } from "./column-types.ts";
import { api, owner } from "./users.ts";

/** Calendars that programs subscribe to without signing in: each by an address of its own. */
export const feeds = api.table(
  "feeds",
  {
    userId: uuid("user_id").notNull(),
    id: uuid("id").notNull(),
    kind: text("kind", { enum: ["todo", "event"] }).notNull(),
    /** Null: all tasks. A tag that is gone leaves the calendar empty. */
    tagId: uuid("tag_id"),
    /** SHA-256 of the address's secret part, which is shown once and stored nowhere. */
    secretHash: bytea("secret_hash").notNull().unique("feeds_secret_unique"),
    createdAt: instant("created_at").notNull(),
  },
  (column) => [primaryKey({ columns: [column.userId, column.id] }), owner("feeds_owner", column.userId)],
);
