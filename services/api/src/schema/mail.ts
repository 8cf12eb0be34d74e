import { index, integer, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { bytea, instant } from "./column-types.ts";
import { api, owner } from "./users.ts";

/** Mails that may go out, within the last day: what an account and a recipient have used of their budgets. A retry is the same mail. */
export const mailGrants = api.table(
  "mail_grants",
  {
    userId: uuid("user_id").notNull(),
    /** A reminder's or a letter's. */
    id: uuid("id").notNull(),
    generation: integer("generation").notNull(),
    /** The hashed address. */
    recipient: bytea("recipient").notNull(),
    grantedAt: instant("granted_at").notNull(),
  },
  (column) => [
    primaryKey({ columns: [column.userId, column.id, column.generation] }),
    owner("mail_grants_owner", column.userId),
    index("mail_grants_by_recipient").on(column.recipient, column.grantedAt),
    index("mail_grants_age").on(column.grantedAt),
  ],
);

/** Addresses that mail does not reach or that complained, hashed: nothing but a link that proves them goes there. */
export const stoppedAddresses = api.table("stopped_addresses", {
  recipient: bytea("recipient").primaryKey(),
  reason: text("reason", { enum: ["bounced", "complained"] }).notNull(),
  createdAt: instant("created_at").notNull(),
});
