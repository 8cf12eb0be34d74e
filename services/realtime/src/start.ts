import type { Doors, Host } from "@carillon/kit/service";
import { createApp, createInternalApp, type RealtimeDeps } from "./app.ts";
import { createLive, type Live } from "./live.ts";

export type RealtimeParts = Host & Omit<RealtimeDeps, "live">;

/**
 * realtime's doors and its open connections. Stop those before the listener, which an open stream
 * keeps from ending.
 */
export function startRealtime(parts: RealtimeParts): Doors & { live: Live } {
  const live = createLive(parts);
  const own = { ...parts, live };
  return { open: createApp(own), internal: createInternalApp(own), live };
}
