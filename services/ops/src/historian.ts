import { localInvoker } from "@carillon/adapters/local";
import { rebuildHistory } from "@carillon/api/audit/rebuild-history";
import { verifyAudit } from "@carillon/api/audit/verify-audit";
import { startAudit } from "@carillon/audit/start";
import { HistoryRebuilt, HistoryVerification } from "@carillon/contracts/http/audit";
import type { Sql } from "@carillon/kit/database";
import { decode } from "@carillon/kit/http";
import { silentLog } from "@carillon/kit/observe";
import type { Invoker } from "@carillon/kit/ports";
import { createStops, Problem } from "@carillon/kit/service";
import type { Static, TObject } from "@sinclair/typebox";
import type { Historian } from "./audit.ts";

export type Here = { api: Sql; audit: Sql; keys: { AUDIT_KEY: string; AUDIT_OLD_KEY: string | null } };

/**
 * Of a product in one process: it does not listen for operators, so api's verification and audit's
 * door are opened here, on its database.
 */
export function historianHere({ api, audit, keys }: Here): Historian {
  const appToken = crypto.randomUUID();
  // No event is delivered through this door, so nothing is recorded.
  const state = { get: async () => null, set: async () => true, delete: async () => {} };
  const host = { log: silentLog, stops: createStops() };
  const { internal } = startAudit({ ...host, config: keys, sql: audit, state, appToken });
  const invoke = localInvoker({ doors: { audit: internal }, appToken, from: "api" });
  const deps = { sql: api, log: silentLog, invoke };
  return {
    async verify(userId) {
      // A database that is away is reported at once; audit itself would be asked repeatedly.
      await audit`select 1`;
      try {
        return await verifyAudit(deps, userId);
      } catch (error) {
        if (error instanceof Problem && error.code === "not_found") return null;
        throw error;
      }
    },
    rebuild: async (step) => rebuildHistory(deps, step),
  };
}

/** Of a product with sidecars: api is asked through ops' own. */
export function historianThere(invoke: Invoker): Historian {
  return {
    async verify(userId) {
      const response = await invoke.call(
        "api",
        new Request(`http://localhost/internal/audit/verify?user_id=${userId}`),
      );
      if (response.status === 404) return null;
      // Sound: the schema's literals are this type's.
      return (await read(HistoryVerification, response, userId)) as HistoryVerification;
    },
    async rebuild(step) {
      const request = new Request("http://localhost/internal/audit/rebuild", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(step),
      });
      const response = await invoke.call("api", request);
      if (response.status === 404) throw new Problem("not_found", `There is no account ${step.user_id}.`);
      return read(HistoryRebuilt, response, step.user_id);
    },
  };
}

/** @throws Problem "unavailable" to retry later, Error with one sentence when there is no answer. */
async function read<Schema extends TObject>(
  schema: Schema,
  response: Response,
  userId: string,
): Promise<Static<Schema>> {
  if (response.status === 503)
    throw new Problem("unavailable", "The history cannot be read right now.", { headers: { "retry-after": "2" } });
  if (response.status !== 200) throw new Error(`api answered ${response.status} about user ${userId}.`);
  const body = decode(schema, await response.json());
  if (!body.fits) throw new Error("api's answer is not about a history.");
  return body.value;
}
