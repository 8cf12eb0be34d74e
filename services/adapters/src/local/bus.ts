import { slotOf } from "@carillon/events/publish";
import { isDatabaseAway, type Sql } from "@carillon/kit/database";
import type { EventBus, Message } from "@carillon/kit/ports";
import { Problem } from "@carillon/kit/service";
import { forgetUsers } from "./forget-user.ts";
import { type Catalog, catalog, subscriberName } from "./subscribers.ts";

/**
 * The bus on PostgreSQL tables (schema `bus`): each batch is one statement, so all of it is taken or
 * nothing. It writes every message once and one delivery per subscriber: those of the catalogue,
 * whether they run right now or not, and for broadcasts every process registered at that moment.
 */
export function localBus({ sql, subscriptions = catalog }: { sql: Sql; subscriptions?: Catalog }): EventBus {
  const shared = subscriptions.filter((subscription) => !subscription.broadcast);
  const subscribers = JSON.stringify(shared.map((one) => ({ topic: one.topic, name: subscriberName(one) })));

  return {
    async publish(messages) {
      if (messages.length === 0) return;
      const batch = messages.map(({ topic, key, event }) => ({
        topic,
        key,
        slot: slotOf(key),
        event_id: event.id,
        event,
      }));
      try {
        await write(JSON.stringify(batch));
        await forgetUsers(sql, erasedIn(messages));
      } catch (cause) {
        if (isDatabaseAway(cause)) throw new Problem("unavailable", "The event bus cannot be reached.", { cause });
        throw cause;
      }
    },
  };

  // JSON text as one parameter: postgres.js would encode a parameter of type json a second time,
  // hence text first.
  async function write(batch: string): Promise<void> {
    await sql`
      with batch as (
        select * from rows from (
          json_to_recordset(${batch}::text::json) as (topic text, key uuid, slot smallint, event_id text, event json)
        ) with ordinality as entry (topic, key, slot, event_id, event, place)
      ), message as (
        insert into bus.message (topic, key, slot, event_id, event)
        select topic, key, slot, event_id, event from batch order by place
        returning id, topic, key, slot
      ), subscriber as (
        select * from json_to_recordset(${subscribers}::text::json) as shared (topic text, name text)
        union all
        select topic, name from bus.subscriber
      ), delivery as (
        insert into bus.delivery (subscriber, slot, message_id, key)
        select subscriber.name, message.slot, message.id, message.key from message join subscriber using (topic)
      )
      select pg_notify('bus', topic) from (select distinct topic from batch) as topics`;
  }
}

const erasedIn = (messages: readonly Message[]): string[] =>
  messages.flatMap(({ topic, key, event }) => (topic === "task-events" && event.type === "user.erased" ? key : []));
