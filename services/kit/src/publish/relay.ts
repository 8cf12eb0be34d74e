import { onAnnouncement } from "../database/announcements.ts";
import type { Sql } from "../database/connect.ts";
import { backoffMs } from "../loop/backoff.ts";
import { type Bell, createBell } from "../loop/bell.ts";
import { sleep } from "../loop/deadline.ts";
import { fatal } from "../loop/fatal.ts";
import type { Log } from "../observe/log.ts";
import { metrics } from "../observe/metrics.ts";
import type { Clock, EventBus } from "../ports.ts";
import { firstShare, shareAfter } from "./fair-batch.ts";
import { createHeldKeys, type HeldKeys } from "./held-keys.ts";
import { type PassResult, relayPass } from "./pass.ts";
import { readAgain } from "./read-again.ts";
import { shareSlots } from "./slots/slots.ts";
import { relayStore } from "./store.ts";

export type RelayOptions = {
  sql: Sql;
  /** The schema whose `outbox` is read. New rows are announced by `NOTIFY outbox`. */
  schema: string;
  bus: EventBus;
  log: Log;
  clock: Clock;
  pollMs?: number;
  batchRows?: number;
  sweepEveryMs?: number;
};

export type RelayStats = {
  /** Rows the broker has taken since the start. */
  published: number;
  /** Users whose rows wait because one of them was refused. */
  held: number;
  /** True while the broker takes nothing. */
  brokerAway: boolean;
};

export type Relay = { stats(): RelayStats; stop(): Promise<void> };

type Lane = {
  number: number;
  bell: Bell;
  held: HeldKeys;
  share: number;
  passes: number;
  brokerFailures: number;
  databaseFailures: number;
};

/** The slots are worked on by two loops, so that one reads or marks while the other waits for the broker. */
const laneCount = 2;
const brokerPause = { firstMs: 200, maxMs: 5_000 };
const databasePause = { firstMs: 100, maxMs: 2_000 };
const sweepRows = 2_000;
const keepMs = 7 * 24 * 3_600_000;
const pendingEveryMs = 5_000;
const pendingMost = 100_000;
const readAgainEveryMs = 60_000;

/**
 * Carries unpublished outbox rows to the bus, in order per user, at least once: a row is marked only after the broker's answer, so a
 * crash in between publishes it again with the same event id. Replicas share the users by slots. While the broker is away everything
 * is kept; one row that it refuses holds back its own user only, and one that nobody can read is parked. Published rows are kept for seven days: streams resume from them.
 */
export function startRelay(options: RelayOptions): Relay {
  const { sql, schema, log, clock, pollMs = 1_000, batchRows = 500, sweepEveryMs = 3_600_000 } = options;
  const store = relayStore(sql, schema);
  const stopping = new AbortController();
  const lanes: Lane[] = Array.from({ length: laneCount }, (_, number) => ({
    number,
    bell: createBell(),
    held: createHeldKeys(),
    share: firstShare,
    passes: 0,
    brokerFailures: 0,
    databaseFailures: 0,
  }));
  const ring = () => {
    for (const lane of lanes) lane.bell.ring();
  };
  const slots = shareSlots({ sql, purpose: `relay:${schema}`, log, onChange: ring });
  let published = 0;
  let nextSweepAt = 0;
  let nextPendingAt = 0;
  let nextReadAgainAt = 0;

  const announcements = onAnnouncement({ sql, channel: "outbox", service: "api", log, ring });

  async function work(lane: Lane): Promise<Pick<PassResult, "more" | "untried">> {
    const all = slots.mine();
    const mine = all.filter((slot) => slot % laneCount === lane.number);
    if (mine.length === 0) {
      // Whoever has nothing to carry has nothing that waits; what it last saw is another replica's to report.
      if (all.length === 0) reportWaiting({ rows: 0, oldestMs: 0 });
      return { more: false, untried: false };
    }
    const first = lane.passes++ % mine.length;
    const lease = slots.enter(mine);
    try {
      const served = [...mine.slice(first), ...mine.slice(0, first)];
      const wasAway = lane.brokerFailures > 0;
      const result = await relayPass({
        store,
        bus: options.bus,
        service: schema,
        clock,
        log,
        slots: served,
        lease,
        held: lane.held,
        batchRows,
        share: lane.share,
        wasAway,
      });
      lane.share = shareAfter(lane.share, result);
      published += result.published;
      noteBroker(lane, result);
      if (mine.includes(all[0] ?? 0)) await keepHouse(all);
      return result;
    } finally {
      lease.leave();
    }
  }

  function noteBroker(lane: Lane, { published, away }: PassResult): void {
    if (away !== null && lane.brokerFailures++ === 0)
      log.error("relay: the broker takes nothing; events are kept", { error: away });
    if (published === 0 || lane.brokerFailures === 0) return;
    lane.brokerFailures = 0;
    log.info("relay: the broker takes events again");
  }

  async function keepHouse(mine: readonly number[]): Promise<void> {
    const now = clock.now().getTime();
    if (now >= nextPendingAt) {
      nextPendingAt = now + pendingEveryMs;
      reportWaiting(await store.waiting(mine, pendingMost));
    }
    if (now >= nextReadAgainAt) {
      nextReadAgainAt = now + readAgainEveryMs;
      if ((await readAgain(store, mine, log)) > 0) ring();
    }
    if (now < nextSweepAt) return;
    const swept = await store.sweep(new Date(now - keepMs), sweepRows);
    if (swept < sweepRows) nextSweepAt = now + sweepEveryMs;
  }

  async function run(lane: Lane): Promise<void> {
    while (!stopping.signal.aborted) {
      let next = { more: false, untried: false };
      try {
        next = await work(lane);
        lane.databaseFailures = 0;
      } catch (error) {
        if (lane.databaseFailures++ === 0) log.warn("relay: the database fails", { error });
      }
      if (next.more || stopping.signal.aborted) continue;
      if (lane.databaseFailures > 0) await sleep(backoffMs(databasePause, lane.databaseFailures), stopping.signal);
      else if (next.untried) await sleep(backoffMs(brokerPause, lane.brokerFailures), stopping.signal);
      else await lane.bell.rung(Math.min(pollMs, lane.held.nextInMs(performance.now())));
    }
  }

  const running = lanes.map((lane) => run(lane).catch(fatal));

  return {
    stats: () => ({
      published,
      held: lanes.reduce((sum, lane) => sum + lane.held.size, 0),
      brokerAway: lanes.some((lane) => lane.brokerFailures > 0),
    }),
    async stop() {
      stopping.abort();
      ring();
      await Promise.all(running);
      await announcements.stop();
      await slots.stop();
    },
  };
}

function reportWaiting({ rows, oldestMs }: { rows: number; oldestMs: number }): void {
  metrics.outboxPending.set(rows);
  metrics.outboxOldestAge.set(Math.max(0, oldestMs) / 1_000);
}
