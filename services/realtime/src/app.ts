import { createInternalService, createService, type Probes } from "@carillon/kit/service";
import type { Live, LiveDeps } from "./live.ts";
import { liveRoutes } from "./live-routes.ts";
import { onTaskEvent } from "./on-task-event.ts";

export type RealtimeDeps = LiveDeps & {
  /**
   * The open connections: events arrive through the internal door and leave through the public one, in
   * one process also through web's.
   */
  live: Live;
  /** The state of the carriers, as `GET /health` shows it. */
  carriers?: Probes;
};

/** realtime's public door: `/stream` and `/ws`. Ready as soon as it listens, because it owns no data. */
export function createApp({ log, appToken, live, carriers = {}, allowedOrigins }: RealtimeDeps) {
  const secure = allowedOrigins()[0]?.startsWith("https:") ?? false;
  return createService({ name: "realtime", log, appToken, secure, health: carriers }).use(liveRoutes(live));
}

/** realtime's internal door, for its sidecar: the subscription to `task-updates`. */
export const createInternalApp = ({ log, appToken, live }: RealtimeDeps) =>
  createInternalService({ name: "realtime", log, appToken, routes: [onTaskEvent({ hub: live.hub, log })] });
