import { bigint, index, integer, primaryKey, uuid } from "drizzle-orm/pg-core";
import { bytea, instant } from "./column-types.ts";
import { api, owner } from "./users.ts";

/** The authenticator app of an account, at most one; without effect until a first code has confirmed it. */
export const totp = api.table(
  "totp",
  {
    userId: uuid("user_id").primaryKey(),
    /** The shared secret, encrypted with a key derived from `JWT_SECRET`. */
    sealedSecret: bytea("sealed_secret").notNull(),
    createdAt: instant("created_at").notNull(),
    /** The session that started it, and may confirm it. */
    sessionId: uuid("session_id").notNull(),
    confirmedAt: instant("confirmed_at"),
    /** The time step (RFC 6238) of the last accepted code: neither it nor an earlier one is accepted again. */
    lastStep: bigint("last_step", { mode: "number" }),
  },
  (column) => [owner("totp_owner", column.userId)],
);

/** Unused recovery codes. A code has 80 random bits, so that its SHA-256 gives nothing away. */
export const recoveryCodes = api.table(
  "recovery_codes",
  {
    userId: uuid("user_id").notNull(),
    codeHash: bytea("code_hash").notNull(),
  },
  (column) => [primaryKey({ columns: [column.userId, column.codeHash] }), owner("recovery_codes_owner", column.userId)],
);

/** Sign-ins whose first step was right and whose second is due. */
export const challenges = api.table(
  "challenges",
  {
    userId: uuid("user_id").notNull(),
    id: uuid("id").notNull(),
    /** Codes tried so far. */
    tries: integer("tries").notNull().default(0),
    expiresAt: instant("expires_at").notNull(),
  },
  (column) => [
    primaryKey({ columns: [column.userId, column.id] }),
    owner("challenges_owner", column.userId),
    index("challenges_expiry").on(column.expiresAt),
  ],
);
