import { AuditPage, ListAudit } from "@carillon/contracts/http/audit";
import { describe, readQuery } from "@carillon/kit/http";
import { Elysia } from "elysia";
import { askAudit } from "../ask-audit.ts";
import { callerOf } from "../auth/caller.ts";
import type { ApiDeps } from "../deps.ts";

export const listAuditRoute = (deps: ApiDeps) =>
  new Elysia().get(
    "/api/audit",
    async ({ request }) =>
      askAudit(deps, "/internal/entries", { ...readQuery(request, ListAudit), user_id: callerOf(request).userId }),
    {
      parse: "none",
      detail: describe({
        summary: "Everything that happened to your tasks, newest first",
        tag: "Audit",
        query: ListAudit,
        answers: { 200: AuditPage },
      }),
    },
  );
