import { guarded, type Sql, type Statement } from "@carillon/kit/database";
import type { Random } from "./random.ts";

/** The end of a process, as the interrupted code sees it. */
export class Crash extends Error {
  override readonly name = "Crash";
}

export type Faults = {
  /** From now on one of the next statements, calls or sends may end its process. */
  arm(): void;
  /** Nothing fails any more; returns whether something has failed since it was armed. */
  disarm(): boolean;
  /** Throws when the process ends here. */
  here(): void;
  sql(inner: Sql): Sql;
};

/** How many places a process passes at most before it ends. */
const maxPlaces = 25;

/**
 * Ends a process between any two awaits: before a statement reaches the database, or after the
 * database has executed it and before its answer arrives, which also covers a statement that never
 * settles before its deadline.
 */
export function createFaults(random: Random): Faults {
  let placesLeft = Number.POSITIVE_INFINITY;
  let hasFailed = false;

  function isHere(): boolean {
    if (--placesLeft > 0) return false;
    hasFailed = true;
    return true;
  }

  function run(statement: Statement, execute: (one: Statement) => unknown): void {
    if (!isHere()) {
      execute(statement);
      return;
    }
    if (random.chance(0.5)) {
      statement.reject(new Crash("before a statement"));
      return;
    }
    const { reject } = statement;
    statement.resolve = () => reject.call(statement, new Crash("after a statement"));
    execute(statement);
  }

  function here(): void {
    if (isHere()) throw new Crash("between two steps");
  }

  return {
    arm() {
      placesLeft = random.between(1, maxPlaces);
      hasFailed = false;
    },
    disarm() {
      placesLeft = Number.POSITIVE_INFINITY;
      return hasFailed;
    },
    here,
    sql: (inner) =>
      guarded(inner, run, {
        begin: async (...given: [string, Work] | [Work]) => {
          const [mode, work] = given.length === 1 ? ["", given[0]] : given;
          const result = await inner.begin(mode, async (tx) => {
            here();
            return work(guarded(tx, run, {}));
          });
          // Committed, and the caller never learns of it.
          here();
          return result;
        },
      }),
  };
}

type Work = (tx: Parameters<Parameters<Sql["begin"]>[1]>[0]) => Promise<unknown>;
