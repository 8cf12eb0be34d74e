import { createInternalService, createService } from "@carillon/kit/service";
import type { Live, LiveDeps } from "./live.ts";
import { liveRoutes } from "./live-routes.ts";
import { onTaskEvent } from "./on-task-event.ts";

export type RealtimeDeps = LiveDeps & {
  /** The open connections: what comes in by one door goes out by the other, and in one process by web's too. */
  live: Live;
  /** How the carriers are, as `GET /health` shows them. */
  health?: () => Promise<Record<string, string>>;
};

/** realtime's door for browsers and programs: `/stream` and `/ws`. Ready as soon as it listens: it owns nothing. */
export function createApp({ log, appToken, live, health, allowedOrigins }: RealtimeDeps) {
  const secure = allowedOrigins()[0]?.startsWith("https:") ?? false;
  return createService({ name: "realtime", log, appToken, secure, ...(health ? { health } : {}) }).use(
    liveRoutes(live),
  );
}

/** realtime's door for its sidecar: the subscription to `task-updates`. */
export const createInternalApp = ({ log, appToken, live }: RealtimeDeps) =>
  createInternalService({ name: "realtime", log, appToken, routes: [onTaskEvent({ hub: live.hub, log })] });
