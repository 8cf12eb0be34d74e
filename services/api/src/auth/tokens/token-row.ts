import type { Token } from "@carillon/contracts/http/auth";
import type { Db, Row } from "@carillon/kit/database";
import type { tokens } from "../../schema/sign-in.ts";

export type TokenRow = Pick<Row<typeof tokens>, "id" | "name" | "scope" | "created_at" | "expires_at">;

/** The columns of a TokenRow. */
export const tokenColumns = (db: Db) => db`id, name, scope, created_at, expires_at`;

/** An access token as it may be shown: never the token itself. */
export const toToken = (row: TokenRow): Token => ({
  id: row.id,
  name: row.name,
  scope: row.scope,
  expires_at: row.expires_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
});
