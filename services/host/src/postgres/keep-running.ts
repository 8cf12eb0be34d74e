import { fatal } from "@carillon/kit/loop";
import type { Log } from "@carillon/kit/observe";
import { type Server, startEmbeddedPostgres } from "./embedded-postgres.ts";

export type EmbeddedServer = { urlOf(database: string): string; stop(): Promise<void> };

/** What the server says to clients that come while it recovers; they try again. */
const expected = /database system is (starting up|not yet accepting connections|in recovery mode|shutting down)/;

/**
 * Our PostgreSQL, started again on the same port whenever it ends unasked (killed, out of memory): the services' pools find it where
 * it was.
 */
export async function keepServerRunning({
  folder,
  password,
  log,
}: {
  folder: string;
  password: string;
  log: Log;
}): Promise<EmbeddedServer> {
  let isStopping = false;
  const onLog = (line: string): void => {
    const isNews = / (FATAL|PANIC): /.test(line) && !isStopping && !expected.test(line);
    log[isNews ? "warn" : "debug"]("postgres", { line });
  };
  const start = (port?: number): Promise<Server> =>
    startEmbeddedPostgres({ folder, password, durable: true, port, onLog });
  let server = await start();
  const { port, urlOf } = server;

  async function guard(): Promise<void> {
    while (!isStopping) {
      await server.ended;
      if (isStopping) return;
      log.error("the database server ended and is started again");
      for (let pauseMs = 100; !isStopping; pauseMs = Math.min(pauseMs * 2, 5_000)) {
        try {
          server = await start(port);
          break;
        } catch (error) {
          log.error("the database server does not start", { error });
          await Bun.sleep(pauseMs);
        }
      }
    }
  }
  const guarding = guard().catch(fatal);

  return {
    urlOf,
    async stop() {
      isStopping = true;
      await server.stop();
      await guarding;
      // A start that was under way when the stop came.
      await server.stop();
    },
  };
}
