import { createLoop, fatal } from "@carillon/kit/loop";
import type { Log } from "@carillon/kit/observe";
import { type Server, startEmbeddedPostgres } from "./embedded-postgres.ts";

export type EmbeddedServer = { urlOf(database: string): string; stop(): Promise<void> };

/** The server's answer to clients while it recovers; they retry. */
const expected = /database system is (starting up|not yet accepting connections|in recovery mode|shutting down)/;

const idleMs = 60_000;
const pause = { firstMs: 200, maxMs: 5_000 };
const maxTurnMs = 600_000;

/**
 * Our PostgreSQL, restarted on the same port whenever it ends unasked (killed, out of memory), so that
 * the services' pools reconnect.
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
    startEmbeddedPostgres({ folder, password, durable: true, isExpected: port !== undefined, port, onLog });
  let server = await start();
  const { port, urlOf } = server;

  let isUp = true;
  const follow = (running: Server): void => {
    running.ended
      .then(() => {
        isUp = false;
        loop.ring();
      })
      .catch(fatal);
  };

  async function work(): Promise<number> {
    if (isUp || isStopping) return idleMs;
    log.warn("the database server ended and is restarted");
    server = await start(port);
    isUp = true;
    follow(server);
    return idleMs;
  }

  // After a crash a start replays the whole write-ahead log.
  const loop = createLoop({ name: "keeping the database up", service: "every", log, pause, maxTurnMs, work });
  follow(server);
  loop.start();

  return {
    urlOf,
    async stop() {
      isStopping = true;
      await server.stop();
      await loop.stop();
      // A start that was under way when the stop came.
      await server.stop();
    },
  };
}
