import { closeSync, mkdirSync } from "node:fs";
import { fatal } from "@carillon/kit/loop";
import type { Log } from "@carillon/kit/observe";
import type { Subprocess } from "bun";
import type { Piece } from "./piece.ts";
import { openLog } from "./piece-log.ts";
import type { ProcessList } from "./process-list.ts";

export type KeptOptions = {
  dataDir: string;
  list: ProcessList;
  log: Log;
  /** Pause before a piece is restarted; doubled each time it ends early, up to `maxMs`. */
  pause: { firstMs: number; maxMs: number };
};

/** A piece that ran this long has started well; its next end starts the pauses from `firstMs`. */
const settledMs = 10_000;

/** One piece of the product, running from now on: when it ends unasked it is restarted, without limit. */
export class KeptProcess {
  readonly #piece: Piece;
  readonly #options: KeptOptions;
  readonly #ended: Promise<void>;
  #child: Subprocess;
  #wake = (): void => {};
  isStopping = false;

  constructor(piece: Piece, options: KeptOptions) {
    this.#piece = piece;
    this.#options = options;
    this.#child = this.#launch();
    this.#ended = this.#keep().catch(fatal);
  }

  /** Stops it without restarting it; kills it when that takes longer than `stopMs`. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.#wake();
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => {
      this.#options.log.warn("a process does not end and is killed", { process: this.#piece.name });
      this.#child.kill("SIGKILL");
    }, this.#piece.stopMs);
    await this.#ended;
    clearTimeout(timer);
  }

  #launch(): Subprocess {
    const { name, folder, command, environment, facts } = this.#piece;
    const out = openLog(this.#options.dataDir, name);
    try {
      // The folder may have been deleted, which must not keep its process from restarting.
      mkdirSync(folder, { recursive: true });
      const child = Bun.spawn([...command], {
        cwd: folder,
        env: environment,
        stdin: "ignore",
        stdout: out,
        stderr: out,
        // A group of its own: Ctrl-C in the terminal reaches only us, and we stop them in order.
        detached: true,
      });
      this.#note(() => this.#options.list.set(name, child.pid, facts));
      return child;
    } finally {
      closeSync(out);
    }
  }

  /** A list that cannot be written (a full disk) is out of date; the processes run anyway. */
  #note(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#options.log.error("the list of processes cannot be written", { error });
    }
  }

  async #keep(): Promise<void> {
    const { list, log, pause } = this.#options;
    const { name } = this.#piece;
    for (let pauseMs = pause.firstMs; ; ) {
      const startedAt = performance.now();
      await this.#child.exited;
      this.#note(() => list.remove(name));
      if (this.isStopping) return;
      const ranMs = Math.round(performance.now() - startedAt);
      if (ranMs >= settledMs) pauseMs = pause.firstMs;
      const how = this.#child.signalCode ?? `exit code ${this.#child.exitCode}`;
      log.warn("a process ended and is restarted", { process: name, how, ranMs, inMs: pauseMs });
      const asked = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await Promise.race([Bun.sleep(pauseMs), asked]);
      if (this.isStopping) return;
      pauseMs = Math.min(pauseMs * 2, pause.maxMs);
      await this.#relaunch(pauseMs);
      if (this.isStopping) return;
    }
  }

  /** A machine that cannot start a process now (a full disk, no memory) may be able to later. */
  async #relaunch(pauseMs: number): Promise<void> {
    while (!this.isStopping) {
      try {
        this.#child = this.#launch();
        return;
      } catch (error) {
        this.#options.log.error("a process cannot be restarted yet", { process: this.#piece.name, error });
        await Bun.sleep(pauseMs);
      }
    }
  }
}
