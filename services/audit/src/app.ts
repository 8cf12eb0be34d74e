import { handleTogether, subscribe } from "@carillon/kit/consume";
import type { Sql } from "@carillon/kit/database";
import { within } from "@carillon/kit/loop";
import type { Log } from "@carillon/kit/observe";
import type { State } from "@carillon/kit/ports";
import { createService } from "@carillon/kit/service";
import { listEntriesRoute } from "./list-entries.ts";
import { judgeTaskEvents } from "./on-task-event.ts";
import { verifyHistoryRoute } from "./verify-history.ts";

/** Everything `audit` needs from outside; main.ts and tests build it, nothing else does. */
export type AuditDeps = {
  sql: Sql;
  log: Log;
  /** Where failed deliveries are noted. */
  state: State;
  appToken: string;
  /** How the carriers are, as `GET /health` shows them. */
  health?: () => Promise<Record<string, string>>;
};

/** A question is answered in this time or given up, before its asker (2.5 s) does; a delivery has its sender's patience. */
const deadlineMs = 2_300;

/** audit's one door. */
export const createApp = ({ sql, log, state, appToken, health }: AuditDeps) =>
  createService({
    name: "audit",
    log,
    appToken,
    ready: async () => void (await sql`select 1`),
    health: async () => ({ database: await databaseHealth(sql), ...(await health?.()) }),
    deadlineMs: (request) => (new URL(request.url).pathname.startsWith("/events") ? null : deadlineMs),
  })
    .use(
      subscribe({
        service: "audit",
        topic: "task-events",
        state,
        log,
        handle: handleTogether((events) => judgeTaskEvents(sql, events)),
      }),
    )
    .use(listEntriesRoute({ sql }))
    .use(verifyHistoryRoute({ sql, log }));

async function databaseHealth(sql: Sql): Promise<string> {
  try {
    await within(1_000, "the database", sql`select 1`);
    return "ok";
  } catch {
    return "away";
  }
}
