import type { Scope, Token } from "@carillon/contracts/http/auth";
import type { Db } from "@carillon/kit/database";

export type TokenRow = { id: string; name: string; scope: Scope; created_at: Date; expires_at: Date | null };

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
