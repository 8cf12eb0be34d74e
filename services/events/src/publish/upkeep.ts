import { type Log, metrics } from "@carillon/kit/observe";
import type { Clock } from "@carillon/kit/ports";
import { readAgain } from "./read-again.ts";
import type { RelayStore } from "./store.ts";

export type UpkeepOptions = {
  store: RelayStore;
  clock: Clock;
  log: Log;
  sweepEveryMs: number;
  /** Called when parked rows may be published again. */
  ring: () => void;
};

const sweepRows = 2_000;
const keepMs = 7 * 24 * 3_600_000;
const pendingEveryMs = 5_000;
const maxPendingRows = 100_000;
const readAgainEveryMs = 60_000;

/**
 * Maintains the outbox periodically, for the given slots: counts waiting rows, retries parked rows,
 * deletes old ones.
 */
export function createUpkeep({ store, clock, log, sweepEveryMs, ring }: UpkeepOptions) {
  // A monotonic clock: a wall clock that jumps must not delay any of it.
  const next = { pending: 0, readAgain: 0, sweep: 0 };

  return async (slots: readonly number[]): Promise<void> => {
    const nowMs = performance.now();
    if (nowMs >= next.pending) {
      next.pending = nowMs + pendingEveryMs;
      reportWaiting(await store.waiting(slots, maxPendingRows));
    }
    if (nowMs >= next.readAgain) {
      next.readAgain = nowMs + readAgainEveryMs;
      if ((await readAgain(store, slots, log)) > 0) ring();
    }
    if (nowMs < next.sweep) return;
    const swept = await store.sweep(new Date(clock.now().getTime() - keepMs), sweepRows);
    if (swept < sweepRows) next.sweep = nowMs + sweepEveryMs;
  };
}

export function reportWaiting({ rows, oldestMs }: { rows: number; oldestMs: number }): void {
  metrics.outboxPending.set(rows);
  metrics.outboxOldestAge.set(Math.max(0, oldestMs) / 1_000);
}
