import type { OffsetHistory } from "./offset-history.ts";

/** One partition according to the broker: offsets of the first event still kept, and of the next to be written. */
export type PartitionEnds = { partition: number; low: number; high: number };

/** `committed`: a group's next offset, by partition; absent for a partition it has not started. */
export type GroupPosition = { group: string; topic: string; committed: ReadonlyMap<number, number> };

export type Lag = { group: string; topic: string; partition: number; messages: number; seconds: number };

/**
 * How far a group is behind in each partition. One that has not started begins with the oldest event
 * kept, as our consumers do.
 */
export function readLag(
  { group, topic, committed }: GroupPosition,
  ends: readonly PartitionEnds[],
  historyOf: (partition: number) => OffsetHistory,
  nowMs: number,
): Lag[] {
  return ends.map(({ partition, low, high }) => {
    // No group can wait for what retention removed.
    const next = Math.max(committed.get(partition) ?? low, low);
    const messages = Math.max(0, high - next);
    const seconds = messages === 0 ? 0 : historyOf(partition).ageSeconds(next, nowMs);
    return { group, topic, partition, messages, seconds };
  });
}
