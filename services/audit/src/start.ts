import type { Sql } from "@carillon/kit/database";
import type { Doors, Host } from "@carillon/kit/service";
import { type AuditDeps, createApp, createInternalApp } from "./app.ts";
import { type Keys, openBooks } from "./books.ts";

export type AuditParts = Host & Omit<AuditDeps, "books"> & { sql: Sql; config: Keys };

/** audit's doors. It has no background work: entries are written as events come. */
export function startAudit({ sql, config, ...parts }: AuditParts): Doors {
  const deps = { ...parts, books: openBooks(sql, config) };
  return { open: createApp(deps), internal: createInternalApp(deps) };
}
