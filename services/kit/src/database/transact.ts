import { backoffMs } from "../loop/backoff.ts";
import type { Sql, Tx } from "./connect.ts";
import { isContested } from "./trouble.ts";

const maxAttempts = 4;
const pause = { firstMs: 20, maxMs: 200 };

/**
 * The result of `work`, committed; all or nothing. A deadlock or a serialisation failure has rolled
 * everything back so that another transaction could continue: `work` then runs again, so it must
 * start from nothing each time.
 */
export async function transact<Result>(sql: Sql, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      // postgres.js types what the callback returns through its own unwrapping; the callback's result is
      // never a query here.
      return (await sql.begin(work)) as Result;
    } catch (error) {
      if (attempt === maxAttempts || !isContested(error)) throw error;
      await Bun.sleep(backoffMs(pause, attempt));
    }
  }
}
