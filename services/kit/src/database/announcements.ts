import { within } from "../loop/deadline.ts";
import type { Sql } from "./connect.ts";

/**
 * Calls `ring` at every NOTIFY on `channel`, and whenever the connection for it is made: what was announced before is lost. Reconnects
 * by itself; while it cannot, nobody rings, so listeners poll as well.
 */
export function onAnnouncement(sql: Sql, channel: string, ring: () => void): { stop(): Promise<void> } {
  const listening = sql.listen(channel, ring, ring).catch(() => null);
  const end = async () => (await listening)?.unlisten();
  return { stop: () => within(1_000, "unlisten", end()).catch(() => {}) };
}
