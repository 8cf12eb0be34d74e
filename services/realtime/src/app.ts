import { createService } from "@carillon/kit/service";
import { createLive, type Live, type LiveDeps } from "./live.ts";
import { liveRoutes } from "./live-routes.ts";
import { onTaskEvent } from "./on-task-event.ts";

export type RealtimeDeps = LiveDeps & {
  /** The open connections, when another listener serves them as well (web's, in one process); else the app has its own. */
  live?: Live;
  /** How the carriers are, as `GET /health` shows them. */
  health?: () => Promise<Record<string, string>>;
};

/** realtime's one door: `/stream`, `/ws` and the subscription to `task-updates`. Ready as soon as it listens: it owns nothing. */
export function createApp(deps: RealtimeDeps) {
  const live = deps.live ?? createLive(deps);
  const { log, appToken, health } = deps;
  const secure = deps.allowedOrigins()[0]?.startsWith("https:") ?? false;
  return createService({ name: "realtime", log, appToken, secure, ...(health ? { health } : {}) })
    .use(onTaskEvent({ hub: live.hub, log: deps.log }))
    .use(liveRoutes(live));
}
