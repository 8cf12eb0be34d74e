import type { Db, Tx } from "./database/connect.ts";

/**
 * The owning service's migration makes the table:
 *
 *   create table <schema>.inbox (
 *     consumer text not null, event_id uuid not null, seen_at timestamptz not null default clock_timestamp(),
 *     primary key (consumer, event_id)
 *   );
 *   create index inbox_seen on <schema>.inbox using brin (seen_at);
 */

/**
 * Those of `eventIds` that this consumer has not seen before; they count as seen when `tx` commits. A second transaction that asks for
 * the same id waits for the first: the effect belongs into the same transaction, then each event has it once.
 */
export async function firstSight(
  tx: Tx,
  schema: string,
  consumer: string,
  eventIds: readonly string[],
): Promise<Set<string>> {
  if (eventIds.length === 0) return new Set();
  // In one order everywhere: two batches that share ids would otherwise wait for each other.
  const sorted = [...new Set(eventIds)].sort();
  const rows = await tx<{ id: string }[]>`
    insert into ${tx(`${schema}.inbox`)} (consumer, event_id)
    select ${consumer}::text, id from unnest(string_to_array(${sorted.join()}::text, ',')::uuid[]) with ordinality as given (id, place)
    order by place
    on conflict do nothing
    returning event_id::text as id`;
  return new Set(rows.map((row) => row.id));
}

/**
 * Forgets what was seen before `before`; how much it was. Keep it longer than any copy of an event can come back: topics keep seven
 * days, dead letters fourteen and may be replayed.
 */
export async function sweepInbox(db: Db, schema: string, before: Date): Promise<number> {
  const swept =
    await db`delete from ${db(`${schema}.inbox`)} where seen_at < ${before.toISOString()}::text::timestamptz`;
  return swept.count;
}
