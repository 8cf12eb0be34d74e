import type { Sql } from "./connect.ts";
import { Lane, usualDeadlines } from "./lane.ts";
import { guarded, type Run } from "./statement.ts";
import { ConnectionLost } from "./trouble.ts";

/** One connection of its own beside a pool, for what belongs to a connection: locks, and listening. It does not reconnect: open another. */
export type Session = {
  sql: Sql;
  /** Resolves when the server has answered. */
  opened: Promise<void>;
  /** Drops the connection without waiting for it. */
  drop(): void;
  end(): Promise<void>;
};

/**
 * A session with the settings of `sql`. The server probes it (5 s + 3 × 2 s), so that a vanished host
 * frees its locks. `onLost` is called once, `onNotify` with the channel of each notification.
 */
export function openSession(
  sql: Sql,
  { onLost, onNotify }: { onLost: (error: Error) => void; onNotify?: (channel: string) => void },
): Session {
  const parsed = { ...sql.options, connection: { ...sql.options.connection, ...probed } };
  const lane = new Lane({
    parsed,
    address: { host: parsed.host[0] ?? "localhost", port: parsed.port[0] ?? 5432 },
    deadlines: usualDeadlines,
    onFree: () => {},
    onDeath: (_, error) => {
      clearInterval(looking);
      onLost(error);
    },
    ...(onNotify ? { onNotify } : {}),
  });
  const looking = setInterval(() => lane.look(), usualDeadlines.lookMs).unref();
  const opened = lane.greet();
  opened.catch((error) => lane.die(error));
  const run: Run = (statement) => {
    opened.then(
      () => lane.run(statement),
      (error) => statement.reject(error),
    );
  };
  return {
    sql: guarded(sql, run, {}),
    opened,
    drop: () => lane.die(new ConnectionLost("CONNECTION_ENDED", "The session was dropped.")),
    end: () => lane.close(),
  };
}

const probed = {
  tcp_keepalives_idle: 5,
  tcp_keepalives_interval: 2,
  tcp_keepalives_count: 3,
  tcp_user_timeout: 10_000,
};
