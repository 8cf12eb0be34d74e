import {
  AuditComparison,
  AuditVerification,
  HistoryVerification,
  InternalVerifyAudit,
} from "@carillon/contracts/http/audit";
import { answer, describe, readQuery, requireNoQuery, toResponse } from "@carillon/kit/http";
import { type InternalRoute, Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { type AuditAsker, readAudit, tellAudit } from "../ask-audit.ts";
import { callerOf } from "../auth/caller.ts";
import type { ApiDeps } from "../deps.ts";
import { judgeHistory } from "./judge-history.ts";
import { countHistory, knownHistory, unknownAmong } from "./known-history.ts";

export const verifyAuditRoute = (deps: ApiDeps) =>
  new Elysia().get(
    "/api/audit/verify",
    async ({ request }) => {
      requireNoQuery(request);
      return toResponse(answer(200, await verifyAudit(deps, callerOf(request).userId)));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Is your history complete, in order and unchanged?",
        tag: "Audit",
        answers: { 200: HistoryVerification },
      }),
    },
  );

/** The same for operators, about any user; 404 for an unknown one. */
export const verifyAnyAuditRoute = (deps: ApiDeps): InternalRoute => ({
  method: "GET",
  path: "/internal/audit/verify",
  callers: ["ops"],
  handle: async ({ request }) =>
    toResponse(answer(200, await verifyAudit(deps, readQuery(request, InternalVerifyAudit).user_id))),
});

/**
 * The history of a user, verified by audit as a chain and compared with api's events.
 * @throws Problem 404 without such a user, 503 while audit cannot answer or is still reading.
 */
export async function verifyAudit(
  deps: AuditAsker & Pick<ApiDeps, "sql" | "log">,
  userId: string,
): Promise<HistoryVerification> {
  const { sql, log } = deps;
  const known = await knownHistory(sql, userId);
  if (known === null) throw new Problem("not_found", "There is no such user.");
  const chain = (await readAudit(deps, AuditVerification, "/internal/verify", {
    user_id: userId,
  })) as AuditVerification;
  const ids = [...known.settled, ...known.waiting];
  const compared = await tellAudit(deps, AuditComparison, "/internal/compare", {
    user_id: userId,
    since: known.since,
    ids,
  });
  const waiting = new Set(known.waiting);
  const late = compared.missing.filter((id) => !waiting.has(id));
  const forged = await unknownAmong(sql, userId, compared.foreign);
  const eventsAfter = await countHistory(sql, userId);
  const verdict = judgeHistory({ chain, known, compared: { ...compared, missing: late }, forged, eventsAfter });
  const { ok, reason, first_broken, missing } = verdict;
  if (!ok) log.error("a history does not match its events", { user_id: userId, reason, first_broken, missing });
  return verdict;
}
