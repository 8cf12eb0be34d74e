import { ApiTime } from "@carillon/contracts/http/clock";
import type { ServiceName } from "@carillon/contracts/names";
import type { Db } from "./database/connect.ts";
import { decode } from "./http/decode.ts";
import { TimeoutError, within } from "./loop/deadline.ts";
import { createLoop } from "./loop/loop.ts";
import type { Log } from "./observe/log.ts";
import { metrics } from "./observe/metrics.ts";
import type { Clock } from "./ports.ts";
import { Problem } from "./service/problem.ts";

/** The database's current time, by which due, late and missed are decided. */
export async function databaseNow(db: Db): Promise<Date> {
  const [row] = await db<{ now: Date }[]>`select clock_timestamp() as now`;
  if (!row) throw new Error("The database returned no time.");
  return row.now;
}

export type FollowOptions = {
  /** Asks the database for its time. */
  ask: () => Promise<Date>;
  /** This machine's time, which may be wrong and may jump; it is compared, and decides nothing. */
  wall: () => Date;
  service: ServiceName | "every";
  log: Log;
  /** Milliseconds of any monotonic clock. */
  steadyMs?: () => number;
};

const [everyMs, firstMs, maxSkewMs] = [10_000, 3_000, 2_000];
/** A slower answer says too little about when it was given. */
const maxRoundTripMs = 1_000;

/**
 * A clock that shows the database's time: measured every 10 s and extrapolated by a monotonic clock in
 * between, so that neither a wrong nor a jumping clock of this machine decides anything. Until the
 * database has answered once it has no time: `now` throws a Problem "unavailable".
 */
export async function followDatabaseClock(options: FollowOptions): Promise<{ clock: Clock; stop(): Promise<void> }> {
  const { ask, wall, service, log, steadyMs = () => performance.now() } = options;
  let offsetMs: number | null = null;
  let isSkewed = false;
  isFollowing = true;

  async function measure(): Promise<number> {
    const sentAt = steadyMs();
    const database = (await ask()).getTime();
    const receivedAt = steadyMs();
    if (offsetMs !== null && receivedAt - sentAt > maxRoundTripMs) return everyMs / 10;
    offsetMs = database - (sentAt + receivedAt) / 2;
    tell(wall().getTime() - (offsetMs + receivedAt));
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
    clock: {
      now() {
        if (offsetMs !== null) return new Date(offsetMs + steadyMs());
        throw new Problem("unavailable", "The time is not known yet.", { headers: { "retry-after": "2" } });
      },
    },
    stop: () => loop.stop(),
  };
}

/** Asks api, through `ask`, for the database's time. */
export const apiNow = (ask: (request: Request) => Promise<Response>) => async (): Promise<Date> => {
  const response = await ask(new Request("http://localhost/internal/clock", { signal: AbortSignal.timeout(firstMs) }));
  const body = decode(ApiTime, response.status === 200 ? await response.json() : null);
  // A release of api without this route: its own clock, to the second, until a newer one has started.
  const older = response.status === 404 ? (response.headers.get("date") ?? "") : "";
  const now = new Date(body.fits ? body.value.now : older);
  if (Number.isNaN(now.getTime())) throw new Error(`api answered ${response.status} to the question for the time.`);
  return now;
};

let lastSkewMs: number | null = null;
let isFollowing = false;

/** False until the database's clock has answered this process, which then cannot serve: it is not ready. */
export const isTimeKnown = (): boolean => !isFollowing || lastSkewMs !== null;

/** This process's clock compared with the database's, for `GET /health`; null when it follows none. */
export function clockHealth(): string | null {
  if (lastSkewMs === null) return null;
  if (Math.abs(lastSkewMs) <= maxSkewMs) return "ok";
  return `${Math.round(Math.abs(lastSkewMs) / 1_000)} s ${lastSkewMs > 0 ? "ahead of" : "behind"} the database`;
}
