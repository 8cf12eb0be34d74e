import type { Sql } from "@carillon/kit/database";
import type { Host } from "@carillon/kit/service";
import { type AuditDeps, createApp } from "./app.ts";
import { type Keys, openBooks } from "./books.ts";

export type AuditParts = Host & Omit<AuditDeps, "books"> & { sql: Sql; config: Keys };

/** audit's app. It has no background work: entries are written as events come. */
export const startAudit = ({ sql, config, ...parts }: AuditParts) =>
  createApp({ ...parts, books: openBooks(sql, config) });
