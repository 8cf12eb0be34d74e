import { zoneRelease } from "@carillon/calendar/zone";
import { subscribe } from "@carillon/events/consume";
import type { Log } from "@carillon/kit/observe";
import type { Invoker, State } from "@carillon/kit/ports";
import { createInternalService, createService, type Probes } from "@carillon/kit/service";
import { onTaskCompleted } from "./on-task-completed.ts";

/** The dependencies of `recurring`; only main.ts and tests build them. */
export type RecurringDeps = {
  log: Log;
  appToken: string;
  /** Reaches `api`. */
  invoke: Invoker;
  /** Where failed deliveries are recorded. */
  state: State;
  /** The state of the carriers, as `GET /health` shows it. */
  carriers?: Probes;
};

/** recurring's public door: health only. Ready as soon as it listens, because it owns no data. */
export const createApp = ({ log, appToken, carriers }: RecurringDeps) =>
  createService({
    name: "recurring",
    log,
    appToken,
    health: { zones: zoneRelease, ...carriers },
  });

/** recurring's internal door, for its sidecar: completions arrive here. */
export const createInternalApp = ({ log, appToken, invoke, state }: RecurringDeps) =>
  createInternalService({
    name: "recurring",
    log,
    appToken,
    routes: [
      subscribe({ service: "recurring", topic: "task-events", state, log, handle: onTaskCompleted({ invoke, log }) }),
    ],
  });
