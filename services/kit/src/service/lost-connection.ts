import type { Log } from "../observe/log.ts";

/**
 * Keeps the process alive when postgres.js throws outside every promise: it may write to a socket that has just been closed
 * (3.4.9, `nextWrite` in its connection.js). The statement itself fails on its own and is answered with 503; ending the process
 * over it would take every other user's work along. Anything else that nobody caught ends the process, which starts anew clean.
 */
export function surviveLostConnections(log: Log, exit: (code: number) => void): () => void {
  const caught = (error: unknown): void => {
    if (isLostSocket(error)) {
      log.warn("a connection to the database was lost while it was written to", { error });
    } else {
      log.error("a failure nobody caught", { error });
      exit(1);
    }
  };
  process.on("uncaughtException", caught);
  // Bun ends the process over a rejection that nobody awaits, before anything is stopped, unless somebody listens.
  process.on("unhandledRejection", caught);
  return () => {
    process.off("uncaughtException", caught);
    process.off("unhandledRejection", caught);
  };
}

/** True for the one failure of postgres.js that reaches nobody. */
export function isLostSocket(error: unknown): boolean {
  return (
    error instanceof TypeError &&
    /\bsocket\b/.test(error.message) &&
    /postgres\/src\/connection\.js/.test(error.stack ?? "")
  );
}
