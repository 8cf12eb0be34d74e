import type { ServiceName } from "@carillon/contracts/names";
import { createLoop } from "../loop/loop.ts";
import type { Log } from "../observe/log.ts";
import type { Sql } from "./connect.ts";
import { openSession, type Session } from "./session.ts";

export type AnnouncementOptions = {
  sql: Sql;
  channel: string;
  service: ServiceName | "every";
  log: Log;
  ring: () => void;
};

/** How often a listening connection is checked. */
const pingMs = 10_000;

/**
 * Calls `ring` at every NOTIFY on `channel`, and whenever its connection is opened, because earlier
 * announcements are lost. Reconnects by itself; while it cannot, nothing rings, so listeners poll
 * as well.
 */
export function onAnnouncement({ sql, channel, service, log, ring }: AnnouncementOptions): { stop(): Promise<void> } {
  let session: Session | null = null;
  let isListening = false;
  const loop = createLoop({ name: `listening for ${channel}`, service, log, work });

  async function work(): Promise<number> {
    session ??= open();
    if (isListening) {
      await session.sql`select 1`;
      return pingMs;
    }
    await session.sql`listen ${sql(channel)}`;
    isListening = true;
    ring();
    return pingMs;
  }

  function open(): Session {
    return openSession(sql, {
      onLost() {
        session = null;
        isListening = false;
        loop.ring();
      },
      onNotify: ring,
    });
  }

  loop.start();
  return {
    async stop() {
      await Promise.all([loop.stop(), session?.end()]);
    },
  };
}
