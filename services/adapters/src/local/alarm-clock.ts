import { appTokenHeader, type ServiceName } from "@carillon/contracts/names";
import { cleanReason } from "@carillon/events/consume";
import { onAnnouncement, type Sql } from "@carillon/kit/database";
import { backoffMs, createLoop, within } from "@carillon/kit/loop";
import type { Log } from "@carillon/kit/observe";
import { alarmStore, type DueAlarm, type RingOutcome } from "./alarm-store.ts";
import type { Door } from "./door.ts";

export type AlarmClockOptions = {
  sql: Sql;
  /** The services of this process; only their alarms ring here. */
  doors: Partial<Record<ServiceName, Door>>;
  /** The token for the doors of `/job`. */
  appToken: string;
  log: Log;
  pollMs?: number;
  /** Maximum time for a door to answer. */
  callMs?: number;
};

export type AlarmClock = {
  /** Resolves after the present rings are settled. */
  stop(): Promise<void>;
};

/** Two loops, so that one claims or settles while the other's doors answer. */
const laneCount = 2;
const batch = 50;
const refusedPause = { firstMs: 200, maxMs: 10_000 };
const databasePause = { firstMs: 100, maxMs: 2_000 };
/** An alarm without an answer for this long is given up: its service knows from its own ledger. */
const giveUpMs = 24 * 3_600_000;

/**
 * Rings the alarms of this process's services at their doors, as Dapr does: `POST /job/<name>` with
 * the alarm's data as JSON. An alarm is deleted after its door's answer (2xx), so a crash rings it
 * again, here or in another process, when its lease of a few seconds has expired; a rejection is
 * retried, with growing pauses. The loops sleep until the next alarm is due, and wake when an
 * earlier one is set.
 */
export function startAlarmClock(options: AlarmClockOptions): AlarmClock {
  const { sql, doors, log, pollMs = 1_000, callMs = 5_000 } = options;
  const services = Object.keys(doors) as ServiceName[];
  const store = alarmStore(sql, services);
  const ring = () => {
    for (const loop of loops) loop.ring();
  };

  async function work(): Promise<number> {
    const due = await store.take(batch, 2 * callMs);
    if (due.length > 0) {
      const outcomes = await Promise.all(due.map((alarm) => knock(options, alarm, callMs)));
      await store.settle(outcomes);
    }
    if (due.length === batch) return 0;
    const nextMs = (await store.nextInMs()) ?? pollMs;
    return Math.max(1, Math.min(pollMs, Math.ceil(nextMs)));
  }

  const loops = Array.from({ length: laneCount }, () =>
    createLoop({ name: "ringing alarms", service: "every", log, pause: databasePause, work }),
  );
  const announcements = onAnnouncement({ sql, channel: "alarm", service: "every", log, ring });
  for (const loop of loops) loop.start();

  return {
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
      await announcements.stop();
    },
  };
}

async function knock(
  { doors, appToken, log }: AlarmClockOptions,
  alarm: DueAlarm,
  callMs: number,
): Promise<RingOutcome> {
  const { service, name, attempts, lateMs } = alarm;
  const reason = await refusalOf(doors[service], alarm, appToken, callMs);
  if (reason === null) return { alarm, again: null };
  if (lateMs > giveUpMs) {
    log.error("alarms: given up", { service, alarm: name, attempts, reason });
    return { alarm, again: null };
  }
  if (attempts === 1) log.warn("alarms: a door rejected", { service, alarm: name, reason });
  return { alarm, again: { delayMs: backoffMs(refusedPause, attempts) } };
}

/** Why the door did not accept the ring; null when it did. */
async function refusalOf(
  door: Door | undefined,
  { name, data }: DueAlarm,
  appToken: string,
  callMs: number,
): Promise<string | null> {
  if (!door) return "the service is not part of this process";
  const request = new Request(`http://localhost/job/${encodeURIComponent(name)}`, {
    method: "POST",
    headers: { "content-type": "application/json", [appTokenHeader]: appToken },
    body: data,
  });
  try {
    const response = await within(callMs, "the door", Promise.resolve(door.handle(request)));
    await response.body?.cancel();
    return response.ok ? null : `the door answered ${response.status}`;
  } catch (error) {
    return cleanReason(String(error));
  }
}
