import type { Log } from "../observe/log.ts";

/** The started things, in order; `run` stops them in reverse. */
export type Stops = {
  /** A step that takes longer than `limitMs`, or than is left for all of them, is left behind. */
  push(what: string, stop: () => Promise<unknown>, limitMs?: number): void;
  run(log: Log): Promise<void>;
};

type Step = { what: string; stop: () => Promise<unknown>; limitMs: number };

/**
 * A supervisor waits 20 s, for steps left behind as well: every step gets this much even when the
 * others took all the time.
 */
const leastMs = 500;

/** `totalMs`: the limit of all steps together; enough for requests under way (8 s) and their remaining work. */
export function createStops({ totalMs = 15_000 }: { totalMs?: number } = {}): Stops {
  const steps: Step[] = [];
  return {
    push: (what, stop, limitMs = 2_500) => void steps.push({ what, stop, limitMs }),
    async run(log) {
      const endMs = performance.now() + totalMs;
      for (let step = steps.pop(); step; step = steps.pop()) {
        const leftMs = Math.max(leastMs, endMs - performance.now());
        await inTime({ ...step, limitMs: Math.min(step.limitMs, leftMs) }, log);
      }
    },
  };
}

async function inTime({ what, stop, limitMs }: Step, log: Log): Promise<void> {
  const late = Promise.withResolvers<"late">();
  const timer = setTimeout(() => late.resolve("late"), limitMs);
  try {
    const result = await Promise.race([stop(), late.promise]);
    if (result === "late") log.warn("this takes too long to stop and is left behind", { what });
  } catch (error) {
    log.warn("this could not be stopped in order", { what, error });
  } finally {
    clearTimeout(timer);
  }
}
