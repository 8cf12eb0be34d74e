import { FatalError } from "../loop/fatal.ts";
import type { Log } from "../observe/log.ts";
import { metrics } from "../observe/metrics.ts";
import { surviveLostOutput } from "./lost-output.ts";
import { suspects } from "./requests-under-way.ts";

/**
 * The last fence of a process, for uncaught failures. A rejection left behind by a request is logged
 * and counted, and ends that request at most: one user's request must not take the work of others
 * along (G32). A connection that postgres.js lost fails its statement on its own.
 * Everything else ends the process in order, and it is restarted clean.
 */
export function standLastFence(log: Log, exit: (code: number) => void): () => void {
  const end = (error: unknown): void => {
    log.error("a failure nothing caught", { error });
    exit(1);
  };
  const thrown = (error: unknown): void => {
    if (isOfConnection(error)) log.warn("a connection to the database was lost", { error });
    else end(error);
  };
  const rejected = (error: unknown): void => {
    const requests = suspects();
    if (error instanceof FatalError || isOfConnection(error) || requests.length === 0) thrown(error);
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

/** True for the failures of postgres.js 3.4.9 that reach no caller, in its connection.js: `nextWrite`, and `fetchArrayTypes` when a new connection's question for types fails. */
export const isOfConnection = (error: unknown): boolean =>
  error instanceof TypeError
    ? /\bsocket\b/.test(error.message) && /postgres\/src\/connection\.js/.test(error.stack ?? "")
    : error instanceof Error && "query" in error && /\bselect b\.oid, b\.typarray\b/.test(String(error.query));
