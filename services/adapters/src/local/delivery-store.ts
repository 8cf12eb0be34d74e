import type { Subscription } from "@carillon/contracts/catalog";
import type { Sql } from "@carillon/kit/database";
import type { Due } from "./due.ts";
import type { Outcome } from "./judge.ts";

/** A batch ends with the event that passes this size, as stored: large events must not fill the memory. */
const mostBytes = 2_000_000;

/**
 * The statements of one subscriber on the bus's tables. Times are the database's own: replicas need
 * not agree on theirs.
 */
export function deliveryStore(
  sql: Sql,
  subscriber: string,
  { topic, deadLetter }: Pick<Subscription, "topic" | "deadLetter">,
) {
  return {
    /**
     * What can be delivered now, slot by slot in the given order, oldest first within a slot. Of each key
     * it is a prefix of the undelivered rows; keys in `without` and keys that wait for a retry are
     * left out. (`not in`: a subquery without dependencies is hashed once; as a join it was
     * quadratic with many waiting keys.)
     */
    async due(slots: readonly number[], without: readonly string[], limit: number): Promise<Due[]> {
      return sql<Due[]>`
        select message_id::text as id, key::text as key, slot, attempts, event_id as "eventId", event::text as event
        from (
          select *, sum(pg_column_size(event)) over (rows unbounded preceding) - pg_column_size(event) as bytes_before
          from (
            select due.message_id, due.key, due.slot, due.attempts, message.event_id, message.event
            from unnest(string_to_array(${slots.join()}::text, ',')::int2[]) as mine(number)
            cross join lateral (
              select * from bus.delivery
              where subscriber = ${subscriber} and slot = mine.number
                and key not in (
                  select unnest(string_to_array(${without.join()}::text, ',')::uuid[])
                  union all
                  select key from bus.delivery where subscriber = ${subscriber} and next_attempt_at > now()
                )
              order by message_id limit ${limit}
            ) as due
            join bus.message on message.id = due.message_id
            limit ${limit}
          ) as found
        ) as batch
        where bytes_before < ${mostBytes}`;
    },

    /** Records the results of deliveries; parked ones go to the dead letters in the same statement. */
    settle: (outcomes: readonly Outcome[]) => settleDeliveries(sql, { subscriber, topic, deadLetter }, outcomes),
  };
}

export type DeliveryStore = ReturnType<typeof deliveryStore>;

async function settleDeliveries(
  sql: Sql,
  { subscriber, topic, deadLetter }: Pick<Subscription, "topic" | "deadLetter"> & { subscriber: string },
  outcomes: readonly Outcome[],
): Promise<void> {
  const rows = outcomes.map(({ due, ...rest }) => ({ message_id: due.id, slot: due.slot, ...rest }));
  await sql`
    with outcome as (
      select * from json_to_recordset(${JSON.stringify(rows)}::text::json)
        as (message_id bigint, slot smallint, kind text, attempts integer, delay_ms integer, reason text)
    ), ended as (
      delete from bus.delivery using outcome
      where delivery.subscriber = ${subscriber} and delivery.slot = outcome.slot
        and delivery.message_id = outcome.message_id and outcome.kind <> 'again'
      returning delivery.message_id, delivery.key, outcome.kind, outcome.attempts, outcome.reason
    ), parked as (
      insert into bus.dead_letter (topic, original_topic, subscriber, key, event_id, event, reason, attempts)
      select ${deadLetter}::text, ${topic}::text, ${subscriber}::text, ended.key, event_id, event, ended.reason, ended.attempts
      from ended join bus.message on message.id = ended.message_id
      where ended.kind = 'given up' and ${deadLetter}::text is not null
    )
    update bus.delivery set attempts = outcome.attempts, last_error = outcome.reason,
      next_attempt_at = now() + outcome.delay_ms * interval '1 millisecond'
    from outcome
    where delivery.subscriber = ${subscriber} and delivery.slot = outcome.slot
      and delivery.message_id = outcome.message_id and outcome.kind = 'again'`;
}
