import type { State } from "@carillon/kit/ports";
import { createService } from "@carillon/kit/service";
import { createLive, type Live, type LiveDeps, liveRoutes } from "./live.ts";
import { onTaskEvent } from "./on-task-event.ts";

export type RealtimeDeps = LiveDeps & {
  state: State;
  /** The open connections, when another listener serves them as well (web's, in one process); else the app has its own. */
  live?: Live;
};

/** realtime's one door: `/stream`, `/ws` and the subscription to `task-updates`. Ready as soon as it listens: it owns nothing. */
export function createApp(deps: RealtimeDeps) {
  const live = deps.live ?? createLive(deps);
  return createService({ name: "realtime", log: deps.log, appToken: deps.appToken })
    .use(onTaskEvent({ hub: live.hub, state: deps.state, log: deps.log }))
    .use(liveRoutes(live));
}
