import { zoneRelease } from "@carillon/calendar/zone";
import { subscribe } from "@carillon/events/consume";
import type { Log } from "@carillon/kit/observe";
import type { Invoker, State } from "@carillon/kit/ports";
import { createInternalService, createService } from "@carillon/kit/service";
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
  health?: () => Promise<Record<string, string>>;
};

/** recurring's public door: health only. Ready as soon as it listens, because it owns no data. */
export const createApp = ({ log, appToken, health }: RecurringDeps) =>
  createService({
    name: "recurring",
    log,
    appToken,
    health: async () => ({ zones: zoneRelease(), ...(await health?.()) }),
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
