import type { ServiceName } from "@carillon/contracts/names";
import { TimeoutError, within } from "../loop/deadline.ts";
import { createLoop } from "../loop/loop.ts";
import type { Log } from "../observe/log.ts";
import { metrics } from "../observe/metrics.ts";
import type { Clock } from "../ports.ts";
import type { Db, Sql } from "./connect.ts";

/** The database's current time, by which due, late and missed are decided. */
export async function databaseNow(db: Db): Promise<Date> {
  const [row] = await db<{ now: Date }[]>`select clock_timestamp() as now`;
  if (!row) throw new Error("The database returned no time.");
  return row.now;
}

export type FollowOptions = {
  /** Asks the database for its time. */
  ask: () => Promise<Date>;
  /** This machine's clock, which may be wrong and may jump. */
  wall: Clock;
  service: ServiceName | "every";
  log: Log;
  /** Milliseconds of any monotonic clock. */
  steadyMs?: () => number;
};

export type FollowedClock = { clock: Clock; stop(): Promise<void> };

const everyMs = 10_000;
const firstMs = 3_000;
const maxSkewMs = 2_000;
/** A slower answer says too little about when it was given. */
const maxRoundTripMs = 1_000;

/**
 * A clock that shows the database's time: measured every 10 s and extrapolated by a monotonic clock in
 * between, so that neither a wrong nor a jumping clock of this machine decides anything. Until the
 * database has answered once it shows this machine's time.
 */
export async function followDatabaseClock(options: FollowOptions): Promise<FollowedClock> {
  const { ask, wall, service, log, steadyMs = () => performance.now() } = options;
  let offsetMs: number | null = null;
  let isSkewed = false;

  async function measure(): Promise<number> {
    const sentAt = steadyMs();
    const database = (await ask()).getTime();
    const receivedAt = steadyMs();
    if (offsetMs !== null && receivedAt - sentAt > maxRoundTripMs) return everyMs / 10;
    offsetMs = database - (sentAt + receivedAt) / 2;
    tell(wall.now().getTime() - (offsetMs + receivedAt));
    return everyMs;
  }

  function tell(skewMs: number): void {
    lastSkewMs = skewMs;
    metrics.databaseClockSkew.set(skewMs / 1_000);
    const was = isSkewed;
    isSkewed = Math.abs(skewMs) > maxSkewMs;
    if (isSkewed !== was) log.warn(isSkewed ? "the clock is skewed" : "the clock is right again", { skew_ms: skewMs });
  }

  const loop = createLoop({ name: "following the database's clock", service, log, work: measure });
  loop.start();
  await within(firstMs, "the database's clock", measure()).catch((error: unknown) => {
    if (!(error instanceof TimeoutError)) log.debug("the database's clock is not known yet", { error });
  });
  return {
    clock: { now: () => (offsetMs === null ? wall.now() : new Date(offsetMs + steadyMs())) },
    stop: () => loop.stop(),
  };
}

/** Follows the clock of `sql`'s database. */
export const followClockOf = (sql: Sql, options: Omit<FollowOptions, "ask">): Promise<FollowedClock> =>
  followDatabaseClock({ ...options, ask: async () => databaseNow(sql) });

let lastSkewMs: number | null = null;

/** This process's clock compared with the database's, for `GET /health`; null when it follows none. */
export function clockHealth(): string | null {
  if (lastSkewMs === null) return null;
  const seconds = Math.round(Math.abs(lastSkewMs) / 1_000);
  if (Math.abs(lastSkewMs) <= maxSkewMs) return "ok";
  return `${seconds} s ${lastSkewMs > 0 ? "ahead of" : "behind"} the database`;
}
