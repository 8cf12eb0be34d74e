import { handleTogether, subscribe } from "@carillon/kit/consume";
import { within } from "@carillon/kit/loop";
import type { Log } from "@carillon/kit/observe";
import type { State } from "@carillon/kit/ports";
import { createService } from "@carillon/kit/service";
import type { Books } from "./books.ts";
import { compareHistoryRoute } from "./compare-history.ts";
import { listEntriesRoute } from "./list-entries.ts";
import { judgeTaskEvents } from "./on-task-event.ts";
import { verifyHistoryRoute } from "./verify-history.ts";

/** Everything `audit` needs from outside; main.ts and tests build it, nothing else does. */
export type AuditDeps = {
  books: Books;
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
export const createApp = ({ books, log, state, appToken, health }: AuditDeps) =>
  createService({
    name: "audit",
    log,
    appToken,
    ready: async () => void (await books.sql`select 1`),
    health: async () => ({ database: await databaseHealth(books), ...(await health?.()) }),
    deadlineMs: (request) => (new URL(request.url).pathname.startsWith("/events") ? null : deadlineMs),
  })
    .use(
      subscribe({
        service: "audit",
        topic: "task-events",
        state,
        log,
        handle: handleTogether((events) => judgeTaskEvents(books, events)),
      }),
    )
    .use(listEntriesRoute(books))
    .use(compareHistoryRoute(books))
    .use(verifyHistoryRoute({ books, log }));

async function databaseHealth({ sql }: Books): Promise<string> {
  try {
    await within(1_000, "the database", sql`select 1`);
    return "ok";
  } catch {
    return "away";
  }
}
