import type { Due } from "./due.ts";

/**
 * A batch of due deliveries, split: `bulk` go into one call, keys in order; each element of `alone` is the beginning of one key that goes by itself
 * because it failed before (a try of its own tells whose fault it is, and nobody has to wait for it).
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
