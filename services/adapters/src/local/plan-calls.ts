import type { Due } from "./due.ts";

/**
 * A batch of due deliveries, split: `bulk` go into one call, keys in order; each element of `alone` is
 * the prefix of one key that goes separately because it failed before (a call of its own shows
 * whose fault it is, and delays no other key).
 */
export function planCalls(due: readonly Due[]): { bulk: Due[]; alone: Due[][] } {
  const byKey = Map.groupBy(due, (one) => one.key);
  const bulk: Due[] = [];
  const alone: Due[][] = [];
  for (const entries of byKey.values()) {
    const [first] = entries;
    if (first && first.attempts > 0) alone.push([first]);
    else bulk.push(...entries);
  }
  return { bulk, alone };
}
