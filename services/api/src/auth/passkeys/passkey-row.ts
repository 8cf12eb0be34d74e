import type { Passkey } from "@carillon/contracts/http/passkeys";
import type { Db, Row } from "@carillon/kit/database";
import type { passkeys } from "../../schema/factors.ts";

export type PasskeyRow = Pick<Row<typeof passkeys>, "id" | "name" | "created_at" | "last_used_at">;

/** The columns of a PasskeyRow. */
export const passkeyColumns = (db: Db) => db`id, name, created_at, last_used_at`;

export const toPasskey = (row: PasskeyRow): Passkey => ({
  id: row.id,
  name: row.name,
  created_at: row.created_at.toISOString(),
  last_used_at: row.last_used_at?.toISOString() ?? null,
});
