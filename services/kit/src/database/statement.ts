import type postgres from "postgres";

/**
 * A statement of postgres.js that has not been handed to a connection. The driver's types hide these
 * fields; the driver is pinned, and `statement.test.ts` fails with a release that changes them.
 */
export type Statement = Promise<unknown> & {
  /** Hands the statement to a connection; called once, when the caller first waits for it. */
  handler: Execute;
  resolve(value: unknown): void;
  reject(error: unknown): void;
};
export type Execute = (statement: Statement) => unknown;
/** Executes a statement as its own client would have. */
export type Run = (statement: Statement, execute: Execute) => void;

/** The same `sql`, whose statements go through `run`; `more` replaces its other members. */
export function guarded<Sql extends object>(sql: Sql, run: Run, more: object): Sql {
  // Tagged as the driver's own: it makes statements, and helpers for names and lists, which are not
  // promises.
  const make = sql as unknown as ((...given: unknown[]) => unknown) & { unsafe(...given: unknown[]): unknown };
  const tag = (...given: unknown[]): unknown => through(make(...given), run);
  const unsafe = (...given: unknown[]): unknown => through(make.unsafe(...given), run);
  return Object.assign(tag, sql, { unsafe }, more) as unknown as Sql;
}

function through(made: unknown, run: Run): unknown {
  if (!(made instanceof Promise)) return made;
  const statement = made as Statement;
  const execute = statement.handler;
  statement.handler = (one) => run(one, execute);
  return statement;
}

/** The client's own way to execute a statement. */
export const executeOf = (client: postgres.Sql): Execute => (client`` as unknown as Statement).handler;

/** Calls `onEnd` when the statement has ended, before its caller resumes. */
export function followEnd(statement: Statement, onEnd: () => void): void {
  const { resolve, reject } = statement;
  statement.resolve = (value) => {
    onEnd();
    resolve.call(statement, value);
  };
  statement.reject = (error) => {
    onEnd();
    reject.call(statement, error);
  };
}
