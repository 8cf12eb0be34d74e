/** Bounds of a pause that doubles with every failure. */
export type Backoff = { firstMs: number; maxMs: number };

/**
 * Milliseconds to wait after failure number `failures` (from 1 on): doubles from `firstMs` up to
 * `maxMs`; the upper half of it is random, so that clients that failed together do not come back
 * together.
 */
export function backoffMs({ firstMs, maxMs }: Backoff, failures: number, random: () => number = Math.random): number {
  const full = Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(full / 2 + (full / 2) * random());
}
