import type { Identity } from "@carillon/contracts/http/identities";
import type { Db, Row } from "@carillon/kit/database";
import type { identities } from "../../schema/factors.ts";
import type { Provider } from "./provider.ts";

export type IdentityRow = Pick<Row<typeof identities>, "id" | "issuer" | "email" | "created_at" | "last_used_at">;

/** The columns of an IdentityRow. */
export const identityColumns = (db: Db) => db`id, issuer, email, created_at, last_used_at`;

export const toIdentity = (row: IdentityRow, provider: Provider | null): Identity => ({
  id: row.id,
  provider: provider !== null && isOf(row.issuer, provider) ? provider.name : row.issuer,
  email: row.email,
  created_at: row.created_at.toISOString(),
  last_used_at: row.last_used_at?.toISOString() ?? null,
});

/** Settings and tokens may write one issuer with and without a slash at its end. */
const isOf = (issuer: string, provider: Provider): boolean =>
  issuer.replace(/\/$/, "") === provider.issuer.replace(/\/$/, "");
