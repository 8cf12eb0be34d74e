import type { Token } from "@carillon/contracts/http/auth";
import type { Db, Row } from "@carillon/kit/database";
import type { tokens } from "../../schema/sign-in.ts";

export type TokenRow = Pick<Row<typeof tokens>, "id" | "name" | "scope" | "created_at" | "last_used_at"> & {
  expires_at: Date;
};

/** The longest life of an access token, and the life of one that is created without an end. */
export const maxTokenDays = 365;

/** When a token runs out: the previous release may still make some without an end. */
export const tokenEnd = (db: Db) => db`coalesce(expires_at, created_at + make_interval(days => ${maxTokenDays}))`;

/** The columns of a TokenRow. */
export const tokenColumns = (db: Db) => db`id, name, scope, created_at, ${tokenEnd(db)} as expires_at, last_used_at`;

/** An access token as it may be shown: never the token itself. */
export const toToken = (row: TokenRow): Token => ({
  id: row.id,
  name: row.name,
  scope: row.scope,
  expires_at: row.expires_at.toISOString(),
  last_used_at: row.last_used_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
});
