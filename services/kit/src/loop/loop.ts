import type { ServiceName } from "@carillon/contracts/names";
import type { Log } from "../observe/log.ts";
import { metrics } from "../observe/metrics.ts";
import { type Backoff, backoffMs } from "./backoff.ts";
import { createBell } from "./bell.ts";
import { sleep } from "./deadline.ts";
import { fatal } from "./fatal.ts";
import { type Turns, watchTurns } from "./watch.ts";

export type Loop = {
  /** Runs the work now, or right after the current turn. Remembered until the start. */
  ring(): void;
  start(): void;
  /** Resolves after the current turn. */
  stop(): Promise<void>;
};

/** Milliseconds until the next turn, 0 for at once; `isDeaf`: bells do not shorten it. */
export type Rest = number | { ms: number; isDeaf: boolean };

export type LoopOptions = {
  /** Its work, in a few fixed words: the label of its metric. */
  name: string;
  /** The service that is not ready while the loop is stuck; `every`: each of the process. */
  service: ServiceName | "every";
  log: Log;
  /** Further fields of its log lines. */
  fields?: Record<string, unknown>;
  /**
   * One turn. `signal` is aborted when the loop should stop, and when the turn has lasted for
   * `maxTurnMs`: then it is abandoned (`isAbandoned`), another turn starts, and this one must not
   * write any more.
   */
  work: (signal: AbortSignal) => Promise<Rest>;
  /** How long the loop waits before its first turn. */
  firstAfterMs?: number;
  /** Longer than the sum of the deadlines inside `work`: reaching it is a defect. */
  maxTurnMs?: number;
  pause?: Backoff;
};

const usualPause = { firstMs: 250, maxMs: 5_000 };
const usualTurnMs = 120_000;

/**
 * Work repeated until stopped. A failed turn is retried after a pause, longer with each consecutive
 * failure; the first of them is logged. A turn that exceeds its limit is abandoned, logged and
 * counted, and the service is not ready until a turn has ended.
 */
export function createLoop({ pause = usualPause, maxTurnMs = usualTurnMs, ...options }: LoopOptions): Loop {
  const { name, service, log, fields = {} } = options;
  const bell = createBell();
  const stopping = new AbortController();
  let living: Promise<void> = Promise.resolve();
  // One for each turn: a combined signal would be kept alive by the oldest of them.
  let current = new AbortController();

  async function live(): Promise<void> {
    const watch = watchTurns({ name, service, maxTurnMs });
    let failures = 0;
    await rested(options.firstAfterMs ?? 0);
    while (!stopping.signal.aborted) {
      try {
        const rest = await turn(watch);
        if (failures > 0) log.info(`${name}: works again`, fields);
        failures = 0;
        await rested(rest);
      } catch (error) {
        if (error instanceof StuckTurn) {
          metrics.loopRestarts.inc({ loop: name });
          log.error(`${name}: a turn did not end and was abandoned`, { ...fields, limit_ms: maxTurnMs });
        } else if (failures === 0 && !stopping.signal.aborted)
          log.warn(`${name}: fails and is retried`, { ...fields, error });
        await sleep(backoffMs(pause, ++failures), stopping.signal);
      }
    }
    watch.end();
  }

  async function turn(watch: Turns): Promise<Rest> {
    current = new AbortController();
    return withinLimit(watch, current, options.work);
  }

  async function rested(rest: Rest): Promise<void> {
    const { ms, isDeaf } = typeof rest === "number" ? { ms: rest, isDeaf: false } : rest;
    if (ms <= 0 || stopping.signal.aborted) return;
    if (isDeaf) await sleep(ms, stopping.signal);
    else await bell.rung(ms);
  }

  return {
    ring: () => bell.ring(),
    start() {
      living = live().catch(fatal);
    },
    async stop() {
      stopping.abort();
      current.abort();
      bell.ring();
      await living;
    },
  };
}

/** @throws StuckTurn when the turn has lasted too long; its signal is then aborted. */
async function withinLimit(watch: Turns, own: AbortController, work: LoopOptions["work"]): Promise<Rest> {
  const { tooLong, ended } = watch.begin();
  const stuck = tooLong.then(() => {
    own.abort(abandonment);
    throw abandonment;
  });
  const working = work(own.signal);
  working.then(ended, ended);
  return Promise.race([working, stuck]);
}

class StuckTurn extends Error {}

const abandonment = new StuckTurn("the turn lasted too long");

/** True for the signal of an abandoned turn: another one has its place. */
export const isAbandoned = (signal: AbortSignal): boolean => signal.reason === abandonment;
