import { zoneRelease } from "@carillon/calendar/zone";
import { subscribe } from "@carillon/kit/consume";
import type { Log } from "@carillon/kit/observe";
import type { Invoker, State } from "@carillon/kit/ports";
import { createInternalService, createService } from "@carillon/kit/service";
import { onTaskCompleted } from "./on-task-completed.ts";

/** Everything `recurring` needs from outside; main.ts and tests build it, nothing else does. */
export type RecurringDeps = {
  log: Log;
  appToken: string;
  /** Reaches `api`. */
  invoke: Invoker;
  /** Where failed deliveries are noted. */
  state: State;
  /** How the carriers are, as `GET /health` shows them. */
  health?: () => Promise<Record<string, string>>;
};

/** recurring's door for whoever asks how it is. Ready as soon as it listens: it owns no data. */
export const createApp = ({ log, appToken, health }: RecurringDeps) =>
  createService({
    name: "recurring",
    log,
    appToken,
    health: async () => ({ zones: zoneRelease(), ...(await health?.()) }),
  });

/** recurring's door for its sidecar: what was completed. */
export const createInternalApp = ({ log, appToken, invoke, state }: RecurringDeps) =>
  createInternalService({
    name: "recurring",
    log,
    appToken,
    routes: [
      subscribe({ service: "recurring", topic: "task-events", state, log, handle: onTaskCompleted({ invoke, log }) }),
    ],
  });
