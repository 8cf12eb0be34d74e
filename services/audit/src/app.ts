import { handleTogether, subscribe } from "@carillon/events/consume";
import { databaseHealth } from "@carillon/kit/database";
import type { Log } from "@carillon/kit/observe";
import type { State } from "@carillon/kit/ports";
import { createInternalService, createService } from "@carillon/kit/service";
import type { Books } from "./books.ts";
import { compareHistoryRoute } from "./compare-history.ts";
import { listEntriesRoute } from "./list-entries.ts";
import { judgeTaskEvents } from "./on-task-event.ts";
import { rebuildHistoryRoute } from "./rebuild-history.ts";
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

/** A question is answered in this time or given up, before its asker (2.5 s) does. */
const limitMs = 2_300;

/** audit's door for whoever asks how it is. */
export const createApp = ({ books, log, appToken, health }: AuditDeps) =>
  createService({
    name: "audit",
    log,
    appToken,
    ready: async () => void (await books.sql`select 1`),
    health: async () => ({ database: await databaseHealth(books.sql), ...(await health?.()) }),
  });

/** audit's door for its sidecar, for api and for ops: what happened comes in, what stands in the history goes out. */
export const createInternalApp = ({ books, log, state, appToken }: AuditDeps) =>
  createInternalService({
    name: "audit",
    log,
    appToken,
    limitMs,
    routes: [
      subscribe({
        service: "audit",
        topic: "task-events",
        state,
        log,
        handle: handleTogether((events) => judgeTaskEvents(books, events)),
      }),
      listEntriesRoute(books),
      compareHistoryRoute(books),
      rebuildHistoryRoute(books),
      verifyHistoryRoute({ books, log }),
    ],
  });
