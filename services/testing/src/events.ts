import type { CloudEvent, EventData } from "@carillon/contracts/event";
import { done, type Handle, oneByOne } from "@carillon/events/consume";
import { slotOf } from "@carillon/events/publish";
import type { Sql } from "@carillon/kit/database";

/** The outbox as the api's migration makes it. */
export async function createOutbox(sql: Sql): Promise<void> {
  await sql.unsafe(`
    create table api.outbox (
      user_id uuid not null, change_seq bigint not null, id bigint generated always as identity, slot smallint not null,
      event_id uuid not null unique, type text not null, entity_id uuid not null, task_id uuid, event jsonb not null,
      xid xid8 not null default pg_current_xact_id(), created_at timestamptz not null default clock_timestamp(),
      published_at timestamptz, parked_at timestamptz, parked_reason text, primary key (user_id, change_seq)
    );
    create index outbox_unpublished on api.outbox (slot, id) where published_at is null;
    create function api.announce_outbox() returns trigger language plpgsql as
      'begin perform pg_notify(''outbox'', ''''); return null; end';
    create trigger announce after insert on api.outbox for each statement execute function api.announce_outbox();`);
}

/** The event of one user's change number `changeSeq`. */
export function eventOf(
  userId: string,
  changeSeq: number,
  more: Partial<CloudEvent<EventData>> = {},
): CloudEvent<EventData> {
  const taskId = crypto.randomUUID();
  const time = "2026-11-21T09:00:00.000Z";
  return {
    specversion: "1.0",
    id: Bun.randomUUIDv7(),
    source: "/carillon/api",
    type: "task.updated",
    subject: taskId,
    time,
    datacontenttype: "application/json",
    dataschema: "urn:carillon:event:task.updated/v1",
    partitionkey: userId,
    data: {
      event_type: "task.updated",
      user_id: userId,
      task_id: taskId,
      change_seq: changeSeq,
      actor: "user",
      timestamp: time,
      version: changeSeq,
      changes: { title: ["before", "after"] },
    },
    ...more,
  };
}

/** Writes the events' rows in one transaction. */
export async function appendAll(sql: Sql, events: readonly CloudEvent<EventData>[]): Promise<void> {
  const rows = events.map((event) => ({
    user_id: event.data.user_id,
    change_seq: event.data.change_seq,
    slot: slotOf(event.data.user_id),
    event_id: event.id,
    type: event.type,
    entity_id: event.subject,
    task_id: event.data.task_id,
    event,
  }));
  await sql`
    insert into api.outbox (user_id, change_seq, slot, event_id, type, entity_id, task_id, event)
    select user_id, change_seq, slot, event_id, type, entity_id, task_id, event
    from rows from (
      jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as (
        user_id uuid, change_seq bigint, slot smallint, event_id uuid, type text, entity_id uuid, task_id uuid, event jsonb
      )
    ) with ordinality as row (user_id, change_seq, slot, event_id, type, entity_id, task_id, event, place)
    order by place`;
}

/** The events of one user's changes 1 to `count`. */
export const inOrder = (userId: string, count: number): CloudEvent<EventData>[] =>
  Array.from({ length: count }, (_, at) => eventOf(userId, at + 1));

/** Handles every event and records it. */
export const keepIn = <Data>(handled: CloudEvent<Data>[]): Handle<Data> =>
  oneByOne(async (event) => {
    handled.push(event);
    return done;
  });
