import { bigint, boolean, index, integer, primaryKey, text, unique, uniqueIndex, uuid } from "drizzle-orm/pg-core";
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

/** Passkeys (WebAuthn credentials) that open an account; kept are their public keys. */
export const passkeys = api.table(
  "passkeys",
  {
    userId: uuid("user_id").notNull(),
    id: uuid("id").notNull(),
    name: text("name").notNull(),
    /** As the authenticator names it, in base64url. */
    credentialId: text("credential_id").notNull(),
    publicKey: bytea("public_key").notNull(),
    /** How often the authenticator says it was used; 0 where it does not count. It never goes back. */
    counter: bigint("counter", { mode: "number" }).notNull(),
    /** How browsers reach it, as a comma list. */
    transports: text("transports").notNull(),
    createdAt: instant("created_at").notNull(),
    lastUsedAt: instant("last_used_at"),
  },
  (column) => [
    primaryKey({ columns: [column.userId, column.id] }),
    owner("passkeys_owner", column.userId),
    uniqueIndex("passkeys_credential_unique").on(column.userId, column.credentialId),
  ],
);

/** The passkey that a user is making, at most one. */
export const passkeyStarts = api.table(
  "passkey_starts",
  {
    userId: uuid("user_id").primaryKey(),
    challenge: text("challenge").notNull(),
    /** The session that started it, and may finish it. */
    sessionId: uuid("session_id").notNull(),
    expiresAt: instant("expires_at").notNull(),
  },
  (column) => [owner("passkey_starts_owner", column.userId)],
);

/** Challenges of sign-ins by passkey, by their SHA-256; whose sign-in it is shows only in the answer. */
export const passkeySignIns = api.table(
  "passkey_sign_ins",
  {
    challengeHash: bytea("challenge_hash").primaryKey(),
    expiresAt: instant("expires_at").notNull(),
  },
  (column) => [index("passkey_sign_ins_expiry").on(column.expiresAt)],
);

/** Accounts at an OpenID provider that open an account here; `subject` is what the provider knows a person by. */
export const identities = api.table(
  "identities",
  {
    userId: uuid("user_id").notNull(),
    id: uuid("id").notNull(),
    issuer: text("issuer").notNull(),
    subject: text("subject").notNull(),
    /** The address that the provider last said it has proven, to tell one identity from another. */
    email: text("email"),
    createdAt: instant("created_at").notNull(),
    lastUsedAt: instant("last_used_at"),
  },
  (column) => [
    primaryKey({ columns: [column.userId, column.id] }),
    owner("identities_owner", column.userId),
    unique("identities_subject_unique").on(column.issuer, column.subject),
  ],
);

/** Sign-ins and links that wait for a provider's answer, by the SHA-256 of what the browser keeps. */
export const providerFlows = api.table(
  "provider_flows",
  {
    flowHash: bytea("flow_hash").primaryKey(),
    /** The user and the session that link an identity; null: a sign-in. */
    userId: uuid("user_id"),
    sessionId: uuid("session_id"),
    /** The provider has to ask for its own password or factor again. */
    again: boolean("again").notNull(),
    expiresAt: instant("expires_at").notNull(),
  },
  (column) => [
    owner("provider_flows_owner", column.userId),
    index("provider_flows_by_user").on(column.userId),
    index("provider_flows_expiry").on(column.expiresAt),
  ],
);
