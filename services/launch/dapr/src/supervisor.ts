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

<<<<<<< HEAD
export type SupervisorOptions = {
  /** The output of pieces goes into its folder `logs`. */
  dataDir: string;
  list: ProcessList;
  log: Log;
  /** Pause before a piece is restarted; doubled each time it ends early, up to `maxMs`. */
  pause?: { firstMs: number; maxMs: number };
};
=======
export type SupervisorOptions = Omit<KeptOptions, "pause"> & Partial<Pick<KeptOptions, "pause">>;
>>>>>>> bb0206a (Hold functions to 60 lines and files to 300)

const usualPause = { firstMs: 1_000, maxMs: 5_000 };

<<<<<<< HEAD
/** A piece that ran this long has started well; its next end starts the pauses from `firstMs`. */
const settledMs = 10_000;
const mostLogBytes = 10 * 1024 * 1024;

/** Keeps pieces running: one that ends unasked is restarted without limit, as in a cluster. */
export function createSupervisor({
  dataDir,
  list,
  log,
  pause = { firstMs: 1_000, maxMs: 5_000 },
}: SupervisorOptions): Supervisor {
  const logs = join(dataDir, "logs");
  mkdirSync(logs, { recursive: true });
  const kept = new Map<string, Kept>();
  let isClosed = false;

  function launch(piece: Piece): Subprocess {
    // The folder may have been deleted, which must not keep its process from restarting.
    mkdirSync(logs, { recursive: true });
    mkdirSync(piece.folder, { recursive: true });
    const out = openSync(join(logs, `${piece.name}.log`), "a", 0o600);
    try {
      const child = Bun.spawn([...piece.command], {
        cwd: piece.folder,
        env: piece.environment,
        stdin: "ignore",
        stdout: out,
        stderr: out,
        // A group of its own: Ctrl-C in the terminal reaches only us, and we stop them in order.
        detached: true,
      });
      note(() => list.set(piece.name, child.pid, piece.facts));
      return child;
    } finally {
      closeSync(out);
    }
  }

  /** A list that cannot be written (a full disk) is out of date; the processes run anyway. */
  function note(write: () => void): void {
    try {
      write();
    } catch (error) {
      log.error("the list of processes cannot be written", { error });
    }
  }

  async function keep(one: Kept): Promise<void> {
    const { piece } = one;
    for (let pauseMs = pause.firstMs; ; ) {
      const startedAt = performance.now();
      await one.child.exited;
      note(() => list.remove(piece.name));
      if (one.isStopping) return;
      const ranMs = Math.round(performance.now() - startedAt);
      if (ranMs >= settledMs) pauseMs = pause.firstMs;
      const how = one.child.signalCode ?? `exit code ${one.child.exitCode}`;
      log.warn("a process ended and is restarted", { process: piece.name, how, ranMs, inMs: pauseMs });
      const asked = new Promise<void>((resolve) => {
        one.wake = resolve;
      });
      await Promise.race([Bun.sleep(pauseMs), asked]);
      if (one.isStopping) return;
      pauseMs = Math.min(pauseMs * 2, pause.maxMs);
      one.child = (await relaunch(one, pauseMs)) ?? one.child;
      if (one.isStopping) return;
    }
  }

  /**
   * A machine that cannot start a process now (a full disk, no memory) may be able to later. Null when
   * it is no longer wanted.
   */
  async function relaunch(one: Kept, pauseMs: number): Promise<Subprocess | null> {
    while (!one.isStopping) {
      try {
        return launch(one.piece);
      } catch (error) {
        log.error("a process cannot be restarted yet", { process: one.piece.name, error });
        await Bun.sleep(pauseMs);
      }
    }
    return null;
  }

=======
/** Keeps pieces running: one that ends unasked is started again, as a cluster would. What they say goes into `logs` of the data folder. */
export function createSupervisor({ pause = usualPause, ...options }: SupervisorOptions): Supervisor {
  const { dataDir } = options;
  mkdirSync(join(dataDir, "logs"), { recursive: true });
  const kept = new Map<string, KeptProcess>();
  let isClosed = false;

>>>>>>> bb0206a (Hold functions to 60 lines and files to 300)
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
<<<<<<< HEAD

/** Starts a new file when the last one has grown large; one old one is kept. */
function shorten(file: string): void {
  if (existsSync(file) && statSync(file).size > mostLogBytes) renameSync(file, `${file}.old`);
}

function tailOf(file: string): string {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n").slice(-5).join("\n");
  return `${lines || "it printed nothing"}\nIts whole output is in ${file}.`;
}
=======
>>>>>>> bb0206a (Hold functions to 60 lines and files to 300)
