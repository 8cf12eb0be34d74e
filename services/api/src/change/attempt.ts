import type { Tx } from "@carillon/kit/database";
import { Problem } from "@carillon/kit/service";
import type { Change } from "./change.ts";

/** What `work` gives, or the refusal (4xx) it ended in, undone while the rest of the change stands. Failures of ours are thrown. */
export async function attempt<Result>(
  change: Change,
  work: (change: Change) => Promise<Result>,
): Promise<Result | Problem> {
  const takeBack = change.mark();
  try {
    // postgres.js types what the callback returns through its own unwrapping; the result is never a query here.
    return (await change.tx.savepoint((tx: Tx) => work({ ...change, tx }))) as Result;
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    takeBack();
    return error;
  }
}
