import { FatalError } from "../loop/fatal.ts";
import type { Log } from "../observe/log.ts";
import { metrics } from "../observe/metrics.ts";
import { surviveLostOutput } from "./lost-output.ts";
import { suspects } from "./requests-under-way.ts";

/**
 * The last fence of a process, for uncaught failures. A rejection left behind by a request is logged
 * and counted, and ends that request at most: one user's request must not take the work of others
 * along (G32). A connection that postgres.js lost during a write fails its statement on its own.
 * Everything else ends the process in order, and it is restarted clean.
 */
export function standLastFence(log: Log, exit: (code: number) => void): () => void {
  const end = (error: unknown): void => {
    log.error("a failure nothing caught", { error });
    exit(1);
  };
  const thrown = (error: unknown): void => {
    if (isLostSocket(error)) log.warn("a connection to the database was lost while it was written to", { error });
    else end(error);
  };
  const rejected = (error: unknown): void => {
    const requests = suspects();
    if (error instanceof FatalError || isLostSocket(error) || requests.length === 0) thrown(error);
    else {
      metrics.orphanedRejections.inc();
      log.error("a request left work behind that failed", { error, requests });
    }
  };
  surviveLostOutput();
  process.on("uncaughtException", thrown);
  // Without a listener Bun ends the process on an unhandled rejection, before anything is stopped.
  process.on("unhandledRejection", rejected);
  return () => {
    process.off("uncaughtException", thrown);
    process.off("unhandledRejection", rejected);
  };
}

/** True for the one failure of postgres.js that reaches no caller: 3.4.9, `nextWrite` in its connection.js. */
export function isLostSocket(error: unknown): boolean {
  return (
    error instanceof TypeError &&
    /\bsocket\b/.test(error.message) &&
    /postgres\/src\/connection\.js/.test(error.stack ?? "")
  );
}
