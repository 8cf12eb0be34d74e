import { backoffMs } from "@carillon/kit/loop";

/**
 * Keys that wait before they are retried, longer each time they fail. Times are milliseconds of any
 * one monotonic clock.
 */
export type HeldKeys = {
  /** Consecutive failures, including this one. */
  hold(key: string, nowMs: number): number;
  /** The key works again. */
  clear(key: string): void;
  /** All keys may be retried at once; further failures continue from the old count. */
  release(): void;
  waiting(nowMs: number): string[];
  /** Milliseconds until the first one may be retried; Infinity when none waits. */
  nextInMs(nowMs: number): number;
  readonly size: number;
};

const pause = { firstMs: 500, maxMs: 5_000 };
/** Beyond this many the oldest is evicted, which only means that it is retried sooner. */
const maxKeys = 10_000;

export function createHeldKeys(random: () => number = Math.random): HeldKeys {
  const keys = new Map<string, { failures: number; untilMs: number }>();
  return {
    hold(key, nowMs) {
      const failures = (keys.get(key)?.failures ?? 0) + 1;
      const [oldest] = keys.keys();
      if (keys.size >= maxKeys && oldest !== undefined && !keys.has(key)) keys.delete(oldest);
      keys.set(key, { failures, untilMs: nowMs + backoffMs(pause, failures, random) });
      return failures;
    },
    clear: (key) => void keys.delete(key),
    release() {
      for (const held of keys.values()) held.untilMs = 0;
    },
    waiting: (nowMs) => [...keys].filter(([, held]) => held.untilMs > nowMs).map(([key]) => key),
    nextInMs(nowMs) {
      const waits = [...keys.values()].filter((held) => held.untilMs > nowMs).map((held) => held.untilMs - nowMs);
      return Math.min(...waits);
    },
    get size() {
      return keys.size;
    },
  };
}
