import { within } from "@carillon/kit/loop";
import { type Log, metrics } from "@carillon/kit/observe";
import type { Clock, EventBus, Message } from "@carillon/kit/ports";
import { isAway } from "../consume/verdict.ts";
import { fairBatch } from "./fair-batch.ts";
import type { HeldKeys } from "./held-keys.ts";
import { messagesOf, UnreadableRow } from "./outbox-messages.ts";
import type { OutboxRow, ParkedRow } from "./outbox-row.ts";
import { type Part, publishInParts } from "./publish-in-parts.ts";
import { publishTraced } from "./publish-traced.ts";
import type { Lease } from "./slots/slots.ts";
import type { RelayStore } from "./store.ts";

export type PassOptions = {
  store: RelayStore;
  bus: EventBus;
  /** The user of these events. */
  service: string;
  clock: Clock;
  log: Log;
  /** The slots to read, in the order in which they are served. */
  slots: readonly number[];
  lease: Lease;
  held: HeldKeys;
  batchRows: number;
  /** Maximum rows of one user in it. */
  share: number;
  /** True when the previous pass found the broker away. */
  wasAway: boolean;
};

export type PassResult = {
  published: number;
  /** There may be another batch. */
  more: boolean;
  /** Why the broker took nothing; null when it took something or there was nothing. */
  away: unknown | null;
  /** Users remain whose rows were not tried one by one: only a pause prevents an immediate retry. */
  untried: boolean;
  /** At least one user exceeds the fair share. */
  isCut: boolean;
  /** From the rows read to the rows marked. */
  tookMs: number;
};

type Entry = Part & { row: OutboxRow };

const publishMs = 15_000;

/**
 * One batch of outbox rows: read, published, marked. Rejects when the database fails; then rows
 * published and not marked are published again.
 */
export async function relayPass(options: PassOptions): Promise<PassResult> {
  const { store, bus, service, clock, slots, lease, held, batchRows, share } = options;
  const without = held.waiting(performance.now());
  const { rows, isCut } = await fairBatch({ store, slots, without, limit: batchRows, share });
  const readAt = performance.now();
  const { entries, unreadable } = entriesOf(rows);
  if (unreadable.length > 0 && !lease.lost()) await park(options, unreadable);
  const { taken, refused, away } = await publishInParts(entries, async (messages: readonly Message[]) => {
    if (lease.lost()) throw new Error("the slot has another leader now");
    return within(publishMs, "the broker", publishTraced(bus, service, messages));
  });
  const takenRows = taken.map((entry) => entry.row);
  if (takenRows.length > 0) {
    const elapsedMs = performance.now() - readAt;
    await store.mark(takenRows, clock.now());
    metrics.outboxPublished.inc(takenRows.length);
    for (const row of takenRows) metrics.outboxPublishLatency.observe((row.ageMs + elapsedMs) / 1_000);
  }
  const untried = away !== null && entries.some((entry) => !refused.has(entry.key));
  if (!lease.lost()) holdBack(options, takenRows, refused, untried);
  const tookMs = performance.now() - readAt;
  return { published: takenRows.length, more: takenRows.length + unreadable.length > 0, away, untried, isCut, tookMs };
}

/** Rows grouped by user, in order, without unreadable ones. */
function entriesOf(rows: readonly OutboxRow[]): { entries: Entry[]; unreadable: ParkedRow[] } {
  const unreadable: ParkedRow[] = [];
  const byUser = new Map<string, Entry[]>();
  for (const row of rows) {
    try {
      const entry = { key: row.userId, messages: messagesOf(row.userId, row.event), row };
      const known = byUser.get(row.userId);
      if (known) known.push(entry);
      else byUser.set(row.userId, [entry]);
    } catch (error) {
      if (!(error instanceof UnreadableRow)) throw error;
      unreadable.push({ row, reason: error.message });
    }
  }
  return { entries: [...byUser.values()].flat(), unreadable };
}

/** G6: an unreadable row is parked with its reason, and its user's later events continue. */
async function park({ store, service, log }: PassOptions, unreadable: readonly ParkedRow[]): Promise<void> {
  await store.park(unreadable);
  metrics.deadLetters.inc({ service, topic: "outbox" }, unreadable.length);
  for (const { row, reason } of unreadable)
    log.error("relay: an outbox row cannot be read and is parked; `ops dlq list` shows it", {
      user_id: row.userId,
      change_seq: row.changeSeq,
      reason,
    });
}

function holdBack(
  options: PassOptions,
  taken: readonly OutboxRow[],
  refused: ReadonlyMap<string, unknown>,
  untried: boolean,
): void {
  const { held, log, wasAway } = options;
  for (const row of taken) held.clear(row.userId);
  // Rows held while nothing got through were probably not to blame.
  if (wasAway && taken.length > 0) held.release();
  for (const [userId, error] of refused) {
    const failures = held.hold(userId, performance.now());
    const worthALine = (failures & (failures - 1)) === 0;
    if (worthALine && !untried)
      log[isAway(error) ? "warn" : "error"]("relay: an outbox row is rejected; its user's events wait", {
        user_id: userId,
        failures,
        error,
      });
  }
}
