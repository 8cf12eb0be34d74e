import type { OutboxRow } from "./outbox-row.ts";
import type { RelayStore } from "./store.ts";

export type BatchQuery = {
  store: Pick<RelayStore, "unpublished">;
  /** In the order in which they are served. */
  slots: readonly number[];
  /** Users that are left out. */
  without: readonly string[];
  limit: number;
  /** Maximum rows of one user in one batch. */
  share: number;
};

/** `isCut`: at least one user exceeds the fair share. */
export type Batch = { rows: OutboxRow[]; isCut: boolean };

/**
 * Users with thousands of rows are in front of all others of the slot; beyond this many reads the next
 * batch is soon enough.
 */
const mostReads = 8;

/**
 * At most `limit` unpublished rows, oldest first, except for users with too many: behind those, others
 * are searched.
 */
export async function fairBatch({ store, slots, without, limit, share }: BatchQuery): Promise<Batch> {
  const rows: OutboxRow[] = [];
  const counts = new Map<string, number>();
  let isCut = false;
  for (let reads = 0; reads < mostReads && rows.length < limit; reads++) {
    const known = [...counts.keys()];
    let isCutHere = false;
    for (const row of await store.unpublished(slots, [...without, ...known], limit - rows.length)) {
      const count = (counts.get(row.userId) ?? 0) + 1;
      counts.set(row.userId, count);
      if (count <= share) rows.push(row);
      else isCutHere = true;
    }
    if (!isCutHere) break;
    isCut = true;
  }
  return { rows, isCut };
}

/** The initial share, and its bounds. */
export const firstShare = 25;
const [leastShare, mostShare] = [8, 500];
/** Target duration of a batch of a user with many rows: other users wait for it. */
const [quickMs, slowMs] = [200, 500];

/**
 * The share for the next batch. A user's events go in sequence: through a sidecar that is some 10 ms
 * for each, in one process next to nothing, so the share follows the duration of the last batch.
 */
export function shareAfter(share: number, { isCut, tookMs }: { isCut: boolean; tookMs: number }): number {
  if (!isCut) return firstShare;
  if (tookMs < quickMs) return Math.min(mostShare, share * 2);
  return tookMs > slowMs ? Math.max(leastShare, Math.ceil(share / 2)) : share;
}
