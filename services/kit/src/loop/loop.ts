import type { Log } from "../observe/log.ts";
import { backoffMs } from "./backoff.ts";
import { createBell } from "./bell.ts";
import { sleep } from "./deadline.ts";
import { fatal } from "./fatal.ts";

export type Loop = {
  /** Has the work done now, or right after what is being done. Remembered until the start. */
  ring(): void;
  start(): void;
  /** Ends after what is being done. */
  stop(): Promise<void>;
};

const pause = { firstMs: 250, maxMs: 5_000 };

/**
 * Work done again and again: `work` answers after how many milliseconds it is due again (0: at once) if nobody rings before. When it
 * throws, it is tried again after a pause, ever longer while it goes on failing; the first failure of a row is logged.
 */
export function createLoop({ name, log, work }: { name: string; log: Log; work: () => Promise<number> }): Loop {
  const bell = createBell();
  const stopping = new AbortController();
  let living: Promise<void> = Promise.resolve();

  async function live(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      try {
        const restMs = await work();
        if (failures > 0) log.info(`${name}: works again`);
        failures = 0;
        if (restMs > 0 && !stopping.signal.aborted) await bell.rung(restMs);
      } catch (error) {
        if (failures++ === 0) log.warn(`${name}: fails and is tried again`, { error });
        await sleep(backoffMs(pause, failures), stopping.signal);
      }
    }
  }

  return {
    ring: () => bell.ring(),
    start() {
      living = live().catch(fatal);
    },
    async stop() {
      stopping.abort();
      bell.ring();
      await living;
    },
  };
}
