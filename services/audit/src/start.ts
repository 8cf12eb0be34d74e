import type { Host } from "@carillon/kit/service";
import { type AuditDeps, createApp } from "./app.ts";

export type AuditParts = Host & AuditDeps;

/** audit's app. It has no background work: entries are written as events come. */
export const startAudit = (parts: AuditParts) => createApp(parts);
