import { afterAll, expect, test } from "bun:test";
import { type EventType, subscriptions, topicsOf } from "@carillon/contracts/catalog";
import type { CloudEvent, EventData } from "@carillon/contracts/event";
import { eventOf } from "@carillon/testing/events";
import { openLocalBus } from "./local-bus-under-test.ts";

const opened = await openLocalBus(subscriptions);
const { bus, sql } = opened;
afterAll(opened.close);

const [leaving, staying] = [crypto.randomUUID(), crypto.randomUUID()];
const hintOf = (event: CloudEvent<EventData>): CloudEvent => ({ ...event, type: "task.changed" });
const publish = (user: string, event: CloudEvent<EventData>) =>
  bus.publish(
    topicsOf(event.type as EventType).map((topic) => ({
      topic,
      key: user,
      event: topic === "task-updates" ? hintOf(event) : event,
    })),
  );
const typesOf = async (user: string): Promise<string[]> => {
  const rows = await sql<{ type: string }[]>`
    select topic || ' ' || (event ->> 'type') as type from bus.message where key = ${user} order by 1`;
  return rows.map(({ type }) => type);
};

test("an erased user's events leave the bus at once, delivered or not, and so do the dead letters; other users' stay", async () => {
  for (const user of [leaving, staying]) {
    for (let at = 1; at <= 3; at++) await publish(user, eventOf(user, at));
    await sql`
      insert into bus.dead_letter (topic, original_topic, subscriber, key, event_id, event, reason, attempts)
      values ('task-events.audit.dlq', 'task-events', 'audit:task-events', ${user}, 'x', '{}', 'why', 1)`;
  }
  // One of them was delivered long since.
  await sql`delete from bus.delivery where message_id = (select min(id) from bus.message where key = ${leaving})`;
  const end = eventOf(leaving, 4, { type: "user.erased", dataschema: "urn:carillon:event:user.erased/v1" });
  await publish(leaving, end);
  expect(await typesOf(leaving)).toEqual([
    "reminders user.erased",
    "task-events user.erased",
    "task-updates task.changed",
  ]);
  const waiting = await sql`
    select subscriber from bus.delivery where key = ${leaving} order by 1`;
  expect(waiting.map(({ subscriber }) => subscriber)).toEqual([
    "audit:task-events",
    "notification:reminders",
    "recurring:task-events",
  ]);
  expect(await sql`select key from bus.dead_letter`).toEqual([{ key: staying }] as never);
  expect(await typesOf(staying)).toHaveLength(6);
});

test("published again after a crash it ends the same", async () => {
  const end = eventOf(leaving, 4, { type: "user.erased", dataschema: "urn:carillon:event:user.erased/v1" });
  await publish(leaving, end);
  expect(await typesOf(staying)).toHaveLength(6);
});
