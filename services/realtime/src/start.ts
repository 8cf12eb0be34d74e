import type { Host } from "@carillon/kit/service";
import { createApp, type RealtimeDeps } from "./app.ts";
import { createLive } from "./live.ts";

export type RealtimeParts = Host & Omit<RealtimeDeps, "live">;

/** realtime's app and its open connections. Stop those before the listener: an open stream keeps it from ending. */
export function startRealtime(parts: RealtimeParts) {
  const live = createLive(parts);
  return { app: createApp({ ...parts, live }), live };
}
