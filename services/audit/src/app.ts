import { handleTogether, subscribe } from "@carillon/events/consume";
import { databaseHealth } from "@carillon/kit/database";
import type { Log } from "@carillon/kit/observe";
import type { State } from "@carillon/kit/ports";
import { createInternalService, createService, type Probes } from "@carillon/kit/service";
import type { Books } from "./books.ts";
import { compareHistoryRoute } from "./compare-history.ts";
import { listEntriesRoute } from "./list-entries.ts";
import { judgeTaskEvents } from "./on-task-event.ts";
import { rebuildHistoryRoute } from "./rebuild-history.ts";
import { verifyHistoryRoute } from "./verify-history.ts";

/** The dependencies of `audit`; only main.ts and tests build them. */
export type AuditDeps = {
  books: Books;
  log: Log;
  /** Where failed deliveries are recorded. */
  state: State;
  appToken: string;
  /** The state of the carriers, as `GET /health` shows it. */
  carriers?: Probes;
};

/** A call is answered or abandoned within this time, before its caller (2.5 s) gives up. */
const limitMs = 2_300;

/** audit's public door: health only. */
export const createApp = ({ books, log, appToken, carriers }: AuditDeps) =>
  createService({
    name: "audit",
    log,
    appToken,
    ready: async () => void (await books.sql`select 1`),
    health: { database: databaseHealth(books.sql), ...carriers },
  });

/** audit's internal door, for its sidecar, api and ops: events in, history out. */
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
