import type { Change } from "./change.ts";

/** The same change, everything that is said in it belonging to one batch: what was asked for together can be taken back together. */
export const inBatch = (change: Change, batchId: string): Change => ({
  ...change,
  say: (said) => change.say({ ...said, batchId }),
});
