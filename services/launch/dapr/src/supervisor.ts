import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type KeptOptions, KeptProcess } from "./kept-process.ts";
import type { Piece } from "./piece.ts";
import { shortenLog, tailOfLog } from "./piece-log.ts";

/** A piece that does not start; the message is one sentence and the end of its output. */
export class StartError extends Error {
  override name = "StartError";
}

export type Supervisor = {
  /** Resolves when every piece is up. @throws StartError with the end of its log when one is not in time. */
  start(pieces: readonly Piece[]): Promise<void>;
  /** Stops them in parallel, without restarting them. */
  stop(names: readonly string[]): Promise<void>;
  /** From now on nothing is started any more. */
  close(): void;
};

export type SupervisorOptions = Omit<KeptOptions, "pause"> & Partial<Pick<KeptOptions, "pause">>;

const usualPause = { firstMs: 1_000, maxMs: 5_000 };

/** Keeps pieces running: one that ends unasked is restarted without limit, as in a cluster. Their output is in `logs`. */
export function createSupervisor({ pause = usualPause, ...options }: SupervisorOptions): Supervisor {
  const { dataDir } = options;
  mkdirSync(join(dataDir, "logs"), { recursive: true });
  const kept = new Map<string, KeptProcess>();
  let isClosed = false;

  async function startOne(piece: Piece): Promise<void> {
    if (isClosed) throw new StartError(`${piece.name} is not started: the product is being stopped.`);
    shortenLog(dataDir, piece.name);
    const one = new KeptProcess(piece, { ...options, pause });
    kept.set(piece.name, one);
    const limit = performance.now() + piece.startMs;
    while (!one.isStopping && !(await piece.isUp())) {
      if (isClosed) return;
      if (performance.now() > limit)
        throw new StartError(`${piece.name} does not start: ${tailOfLog(dataDir, piece.name)}`);
      await Bun.sleep(100);
    }
  }

  async function stopOne(name: string): Promise<void> {
    await kept.get(name)?.stop();
    kept.delete(name);
  }

  return {
    start: async (pieces) => void (await Promise.all(pieces.map(startOne))),
    close: () => {
      isClosed = true;
    },
    stop: async (names) => void (await Promise.all(names.map(stopOne))),
  };
}
