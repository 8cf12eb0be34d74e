import { backoffMs, isAbandoned, type Rest } from "@carillon/kit/loop";
import { firstShare, shareAfter } from "./fair-batch.ts";
import { createHeldKeys } from "./held-keys.ts";
import { type PassResult, relayPass } from "./pass.ts";
import type { RelayOptions, RelayStats } from "./relay-options.ts";
import type { Lease, Slots } from "./slots/slots.ts";
import type { RelayStore } from "./store.ts";
import { reportWaiting } from "./upkeep.ts";

export type RelayLaneOptions = RelayOptions & {
  pollMs: number;
  batchRows: number;
  /** Of `laneCount` lanes, counted from 0. */
  number: number;
  laneCount: number;
  store: RelayStore;
  slots: Slots;
  upkeep: (slots: readonly number[]) => Promise<void>;
};

export type RelayLane = { turn(signal: AbortSignal): Promise<Rest>; stats(): RelayStats };

const brokerPause = { firstMs: 200, maxMs: 5_000 };

/** One of the relay's loops: each turn is a pass over the lane's share of this process's slots. */
export function createRelayLane(options: RelayLaneOptions): RelayLane {
  const { slots, number, laneCount, upkeep, pollMs, log } = options;
  const held = createHeldKeys();
  let [share, passes, published, brokerFailures] = [firstShare, 0, 0, 0];

  async function turn(signal: AbortSignal): Promise<Rest> {
    const all = slots.mine();
    const mine = all.filter((slot) => slot % laneCount === number);
    // A process without slots has nothing waiting; its last figures are another replica's to report.
    if (all.length === 0) reportWaiting({ rows: 0, oldestMs: 0 });
    if (mine.length === 0) return pollMs;
    const lease = endingWith(signal, slots.enter(mine));
    try {
      const result = await pass(mine, lease);
      if (mine.includes(all[0] ?? 0)) await upkeep(all);
      if (result.more) return 0;
      if (result.untried) return { ms: backoffMs(brokerPause, brokerFailures), isDeaf: true };
      return Math.min(pollMs, held.nextInMs(performance.now()));
    } finally {
      lease.leave();
    }
  }

  async function pass(mine: readonly number[], lease: Lease): Promise<PassResult> {
    const first = passes++ % mine.length;
    const served = [...mine.slice(first), ...mine.slice(0, first)];
    const wasAway = brokerFailures > 0;
    const result = await relayPass({ ...options, service: options.schema, slots: served, lease, held, share, wasAway });
    share = shareAfter(share, result);
    published += result.published;
    noteBroker(result);
    return result;
  }

  function noteBroker(result: PassResult): void {
    if (result.away !== null && brokerFailures++ === 0)
      log.warn("relay: the broker takes nothing; events are kept", { error: result.away });
    if (result.published === 0 || brokerFailures === 0) return;
    brokerFailures = 0;
    log.info("relay: the broker takes events again");
  }

  return { turn, stats: () => ({ published, held: held.size, brokerAway: brokerFailures > 0 }) };
}

/** The lease, lost to an abandoned turn, which must publish nothing beside its successor. */
function endingWith(signal: AbortSignal, lease: Lease): Lease {
  signal.addEventListener("abort", () => {
    if (isAbandoned(signal)) lease.leave();
  });
  return { lost: () => lease.lost() || isAbandoned(signal), leave: lease.leave };
}
