import type { Log } from "../log.ts";

/** What has been started, in order; `run` stops it in reverse order. */
export type Stops = {
  /** A step that takes longer than `limitMs` is left behind: all of them together fit into the 20 s that a supervisor waits. */
  push(what: string, stop: () => Promise<unknown>, limitMs?: number): void;
  run(log: Log): Promise<void>;
};

type Step = { what: string; stop: () => Promise<unknown>; limitMs: number };

export function createStops(): Stops {
  const steps: Step[] = [];
  return {
    push: (what, stop, limitMs = 2_500) => void steps.push({ what, stop, limitMs }),
    async run(log) {
      for (let step = steps.pop(); step; step = steps.pop()) await inTime(step, log);
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
