import postgres from "postgres";
import { type Deadlines, usualDeadlines } from "./lane.ts";
import { Pool } from "./pool.ts";
import { guarded, type Statement } from "./statement.ts";

export type Sql = postgres.Sql;
/** A connection with an open transaction on it. */
export type Tx = postgres.TransactionSql;
export type Db = Sql | Tx;
/** A fragment of a statement, made by a tagged template and embedded in another. */
export type Fragment = postgres.PendingQuery<postgres.Row[]>;

const statementMs = 15_000;

/**
 * A pool of at most `max` connections (4–8 measured best on two cores). `name` shows in
 * pg_stat_activity. Every statement, transaction and connection attempt has a deadline here,
 * whatever the socket or the driver does: then it rejects with an error that `isDatabaseAway`
 * recognises, and its connection is discarded.
 */
export function connect(
  url: string,
  { max, name, deadlines = usualDeadlines }: { max: number; name: string; deadlines?: Deadlines },
): Sql {
  const template = postgres(url, {
    max,
    keep_alive: 5,
    connection: {
      application_name: `carillon-${name}`,
      statement_timeout: statementMs as never,
      // The server rolls back and unlocks what a vanished process left open.
      idle_in_transaction_session_timeout: (deadlines.transactionMs + 10_000) as never,
      timezone: "UTC",
    },
    onnotice: () => {},
  });
  const pool = new Pool({ parsed: template.options, max, deadlines });
  return guarded(template, (statement: Statement) => pool.run(statement), {
    begin: async (...given: [string, Work] | [Work]) => {
      const work = given.length === 1 ? given[0] : given[1];
      const mode = given.length === 1 ? "" : given[0];
      return (await pool.take()).transaction(mode, work);
    },
    reserve: async () => (await pool.take()).reserve(),
    end: ({ timeout = null }: { timeout?: number | null } = {}) => pool.end(timeout === null ? null : timeout * 1_000),
    close: () => pool.end(null),
    listen: async () => {
      throw new Error("Listen with onAnnouncement: its connection is watched.");
    },
    notify: (channel: string, payload: string) => template`select pg_notify(${channel}, ${payload})`,
  });
}

type Work = (tx: Tx) => Promise<unknown>;

/**
 * The statement, planned for its own values each time and not cached. For statements of many shapes,
 * whose plans every connection would keep, and for those whose best plan depends on the values:
 * after five runs PostgreSQL may settle for one that suits no value.
 */
export function unprepared<Rows extends readonly (object | undefined)[]>(
  query: postgres.PendingQuery<Rows>,
): postgres.PendingQuery<Rows> {
  // postgres.js reads this from every query, and lets callers set it for `unsafe` ones only.
  (query as unknown as { options: { prepare?: boolean } }).options.prepare = false;
  return query;
}
