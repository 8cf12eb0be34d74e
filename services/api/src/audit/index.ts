import type { InternalRoute } from "@carillon/kit/service";
import { Elysia } from "elysia";
import type { ApiDeps } from "../deps.ts";
import { listAuditRoute } from "./list-audit.ts";
import { rebuildHistoryRoute } from "./rebuild-history.ts";
import { verifyAnyAuditRoute, verifyAuditRoute } from "./verify-audit.ts";

export const auditRoutes = (deps: ApiDeps) =>
  new Elysia({ name: "audit" }).use(listAuditRoute(deps)).use(verifyAuditRoute(deps));

/** Histories for operators. */
export const auditInternals = (deps: ApiDeps): InternalRoute[] => [
  verifyAnyAuditRoute(deps),
  rebuildHistoryRoute(deps),
];
