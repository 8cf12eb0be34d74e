import { AuditVerification } from "@carillon/contracts/http/audit";
import { describe, readQuery } from "@carillon/kit/http";
import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { callerOf } from "../auth/caller.ts";
import type { ApiDeps } from "../deps.ts";
import { askAudit } from "./ask-audit.ts";

const Nothing = Type.Object({});

export const verifyAuditRoute = (deps: ApiDeps) =>
  new Elysia().get(
    "/api/audit/verify",
    async ({ request }) => {
      readQuery(request, Nothing);
      return askAudit(deps, "/internal/verify", { user_id: callerOf(request).userId });
    },
    {
      parse: "none",
      detail: describe({
        summary: "Is your history whole, in order and unchanged?",
        tag: "Audit",
        query: Nothing,
        answers: { 200: AuditVerification },
      }),
    },
  );
