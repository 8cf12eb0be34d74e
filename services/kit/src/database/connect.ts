import postgres from "postgres";

export type Sql = postgres.Sql;
/** A connection with an open transaction on it. */
export type Tx = postgres.TransactionSql;
export type Db = Sql | Tx;
/** A piece of a statement, made by a tagged template and put into another. */
export type Fragment = postgres.PendingQuery<postgres.Row[]>;

/**
 * A pool of at most `max` connections (4–8 measured best on two cores). Connecting gives up after 2 s so that a lost database
 * becomes a 503 and not a hang; `name` shows in pg_stat_activity.
 */
export function connect(url: string, { max, name }: { max: number; name: string }): Sql {
  const sql = postgres(url, {
    max,
    connect_timeout: 2,
    idle_timeout: 60,
    max_lifetime: 60 * 30,
    backoff: (attempt) => Math.min(0.05 * 2 ** attempt, 1),
    connection: { application_name: `carillon-${name}`, statement_timeout: 15_000 as never, timezone: "UTC" },
    onnotice: () => {},
  });
  // postgres.js asks each new connection for the types of arrays and leaves a failure of that question unhandled, which ends the
  // process when the database goes away just then. The answer is kept with the settings: once is enough.
  Object.defineProperty(sql.options, "fetch_types", { get: () => !(uuidArray in sql.options.serializers) });
  return sql;
}

const uuidArray = 2951;

/**
 * The statement, to be planned for its own values each time and then forgotten. For statements of many shapes, whose plans every connection
 * would keep, and for those whose best plan depends on what is asked: after five runs PostgreSQL may settle for one that suits no value.
 */
export function unprepared<Rows extends readonly (object | undefined)[]>(
  query: postgres.PendingQuery<Rows>,
): postgres.PendingQuery<Rows> {
  // postgres.js reads this of every query, and offers a way to set it for `unsafe` ones only.
  (query as unknown as { options: { prepare?: boolean } }).options.prepare = false;
  return query;
}

const awayCodes = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "CONNECT_TIMEOUT",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "57P01",
  "57P02",
  "57P03",
  "53300",
  "08006",
  "25006",
]);

/** True when the failure says "PostgreSQL is not there just now", not "this statement is wrong". */
export function isDatabaseAway(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if ("code" in cause && awayCodes.has(String(cause.code))) return true;
    if (isSocketGone(cause)) return true;
  }
  return false;
}

/** The server's socket file is not there; any other file that is missing is another story. */
const isSocketGone = (cause: Error): boolean =>
  "code" in cause && cause.code === "ENOENT" && "syscall" in cause && cause.syscall === "connect";

/** The violated constraint's name when `error` is PostgreSQL's unique_violation, else null. */
export function uniqueViolation(error: unknown): string | null {
  return error instanceof postgres.PostgresError && error.code === "23505" ? (error.constraint_name ?? "") : null;
}
