import type { Scope } from "@carillon/contracts/http/auth";
import type { LetterDetails, LetterKind } from "@carillon/contracts/http/letters";
import { sql } from "drizzle-orm";
import { boolean, index, integer, jsonb, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { bytea, instant } from "./column-types.ts";
import { api, owner } from "./users.ts";

/** A place where a user is signed in. */
export const sessions = api.table(
  "sessions",
  {
    userId: uuid("user_id").notNull(),
    id: uuid("id").notNull(),
    createdAt: instant("created_at").notNull(),
    /** Within five minutes: not each request costs a write. */
    lastUsedAt: instant("last_used_at").notNull().default(sql`now()`),
    /** When the user last proved the password or a factor in it. */
    provenAt: instant("proven_at").notNull().default(sql`now()`),
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

export const tokens = api.table(
  "tokens",
  {
    userId: uuid("user_id").notNull(),
    id: uuid("id").notNull(),
    name: text("name").notNull(),
    scope: text("scope").$type<Scope>().notNull(),
    /** SHA-256 of the token; the token itself is shown once and stored nowhere. */
    tokenHash: bytea("token_hash").notNull().unique("tokens_hash_unique"),
    createdAt: instant("created_at").notNull(),
    /** At most a year ahead; null, from an older release: a year after it was made. */
    expiresAt: instant("expires_at"),
    /** Within five minutes, as of sessions. */
    lastUsedAt: instant("last_used_at"),
  },
  (column) => [
    primaryKey({ columns: [column.userId, column.id] }),
    owner("tokens_owner", column.userId),
    index("tokens_expiry").on(column.expiresAt).where(sql`expires_at is not null`),
  ],
);

/** Mails about the account itself: ways back into it, and news of what was done with it. notification sends them. */
export const letters = api.table(
  "letters",
  {
    userId: uuid("user_id").notNull(),
    id: uuid("id").notNull(),
    kind: text("kind").$type<LetterKind>().notNull(),
    /** Where it goes; null: to the account's address. */
    email: text("email"),
    /** What it tells besides its kind; nothing that a user typed. */
    details: jsonb("details").$type<LetterDetails>(),
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

/** Whether mail leaves the product, as notification last said; one row. Where it goes to a folder, every address counts as proven. */
export const mailTransport = api.table("mail_transport", {
  isOnly: boolean("is_only").primaryKey().default(true),
  goesOut: boolean("goes_out").notNull(),
});
