import { afterAll, afterEach, beforeEach, expect, test } from "bun:test";
import { metrics } from "@carillon/kit/observe";
import type { Message } from "@carillon/kit/ports";
import { appendAll, eventOf, inOrder } from "@carillon/testing/events";
import { until } from "@carillon/testing/until";
import { openOutbox } from "./relay-rig.ts";

const { sql, relay, clear, stopRelays, close } = await openOutbox();
beforeEach(clear);
afterEach(stopRelays);
afterAll(close);

function start(): Message[] {
  const taken: Message[] = [];
  relay({ publish: async (messages) => void taken.push(...messages) });
  return taken;
}

const numbersOf = (taken: readonly Message[], user: string): number[] =>
  taken.flatMap(({ topic, key, event }) =>
    topic === "task-events" && key === user ? [(event.data as { change_seq: number }).change_seq] : [],
  );

/** Three rows of a user, the second of which contains `event`. */
async function appendAround(user: string, event: string): Promise<void> {
  await appendAll(sql, inOrder(user, 3));
  await sql`update api.outbox set event = ${event}::text::jsonb where user_id = ${user} and change_seq = 2`;
}

const poisons: [string, (user: string) => unknown, string][] = [
  ["an unknown type", (user) => eventOf(user, 2, { type: "task.exploded" }), "unknown event type task.exploded"],
  [
    "an unknown version",
    (user) => eventOf(user, 2, { dataschema: "urn:x/v2" }),
    "unknown version of task.updated: urn:x/v2",
  ],
  ["no data", (user) => ({ ...eventOf(user, 2), data: undefined }), "the event has no data"],
  ["a text for an event", () => "task.created", "the event is not an object"],
  ["null for an event", () => null, "the event is not an object"],
];

test("G6: an unreadable row is parked with its reason at once, and blocks no other row, not even of its own user", async () => {
  const users: string[] = poisons.map(() => crypto.randomUUID());
  const well = crypto.randomUUID();
  for (const [at, [, poison]] of poisons.entries())
    await appendAround(users[at] ?? "", JSON.stringify(poison(users[at] ?? "")));
  await appendAll(sql, inOrder(well, 3));
  const counted = async () =>
    (await metrics.deadLetters.get()).values.find(({ labels }) => labels.topic === "outbox")?.value ?? 0;
  const before = await counted();
  const taken = start();
  await until(
    "everything readable is published",
    () => numbersOf(taken, well).length === 3 && users.every((user) => numbersOf(taken, user).length === 2),
  );
  for (const user of users) expect(numbersOf(taken, user)).toEqual([1, 3]);
  const parked = await sql<{ user_id: string; change_seq: string; parked_reason: string }[]>`
    select user_id, change_seq, parked_reason from api.outbox where parked_at is not null and published_at is null`;
  expect(parked.toSorted((one, other) => users.indexOf(one.user_id) - users.indexOf(other.user_id))).toEqual(
    poisons.map(([, , reason], at) => ({ user_id: users[at] ?? "", change_seq: "2", parked_reason: reason })),
  );
  expect(await counted()).toBe(before + poisons.length);
});

test("a parked row does not count as waiting for the bus", async () => {
  await appendAround(crypto.randomUUID(), "null");
  await sql`update api.outbox set created_at = now() - interval '9 minutes'`;
  const taken = start();
  await until("the rest is published", () => taken.length >= 4);
  await until("the age is reported", async () => ((await metrics.outboxOldestAge.get()).values[0]?.value ?? -1) === 0);
  expect((await metrics.outboxPending.get()).values[0]?.value).toBe(0);
});

test("rows that an older release parked as unknown continue by themselves once a release knows them; others stay", async () => {
  const [back, broken] = [crypto.randomUUID(), crypto.randomUUID()];
  await appendAll(sql, [...inOrder(back, 1), ...inOrder(broken, 1)]);
  await sql`update api.outbox set parked_at = now(), parked_reason = 'unknown event type task.updated' where user_id = ${back}`;
  await sql`
    update api.outbox set event = 'null', parked_at = now(), parked_reason = 'the event is not an object'
    where user_id = ${broken}`;
  const taken = start();
  await until("it goes on", () => numbersOf(taken, back).length === 1);
  const left = await sql`select user_id from api.outbox where parked_at is not null and published_at is null`;
  expect([...left]).toEqual([{ user_id: broken }]);
});
