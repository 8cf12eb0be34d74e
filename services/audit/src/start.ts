import type { Sql } from "@carillon/kit/database";
import type { Doors, Host } from "@carillon/kit/service";
import { type AuditDeps, createApp, createInternalApp } from "./app.ts";
import { type Keys, openBooks } from "./books.ts";

export type AuditParts = Host & Omit<AuditDeps, "books"> & { sql: Sql; config: Keys };

/** Starts audit's doors. There is no background work: entries are written as events arrive. */
export function startAudit({ sql, config, ...parts }: AuditParts): Doors {
  const deps = { ...parts, books: openBooks(sql, config) };
  return { open: createApp(deps), internal: createInternalApp(deps) };
}
