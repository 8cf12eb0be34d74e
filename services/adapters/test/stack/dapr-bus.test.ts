import { afterAll, afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { type Subscription, subscriptions } from "@carillon/contracts/catalog";
import type { CloudEvent, EventData } from "@carillon/contracts/event";
import { deadLetterTopic } from "@carillon/contracts/names";
import { done, oneByOne } from "@carillon/events/consume";
import { eventOf, inOrder, keepIn } from "@carillon/testing/events";
import { startKafka } from "@carillon/testing/kafka";
import { until } from "@carillon/testing/until";
import type { Door } from "../../src/local/door.ts";
import { busConformance } from "../bus.conformance.ts";
import { auditDoor, messages, quickSubscriptions } from "../bus-under-test.ts";
import { openDaprBroker, openDaprBus } from "./dapr-bus-under-test.ts";

setDefaultTimeout(60_000);

const broker = await openDaprBroker();
afterAll(() => broker.close());

busConformance("Dapr bus", (subscriptions) => openDaprBus(broker, subscriptions));

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(used: readonly Subscription[] = quickSubscriptions) {
  const opened = await openDaprBus(broker, used);
  closing.push(opened.close);
  return opened;
}

test("each event of a bulk keeps the trace of its own", async () => {
  const opened = await open();
  const seen: CloudEvent<EventData>[] = [];
  await opened.start({ audit: auditDoor(opened, keepIn(seen)) });
  const events = Array.from({ length: 20 }, (_, at) => {
    const traceId = (at + 1).toString(16).padStart(32, "0");
    return eventOf(crypto.randomUUID(), 1, { traceparent: `00-${traceId}-00f067aa0ba902b7-01` });
  });
  await opened.bus.publish(messages(events));
  await until("all are handled", () => seen.length >= events.length);
  const traces = new Map(seen.map(({ id, traceparent }) => [id, traceparent]));
  expect(traces).toEqual(new Map(events.map(({ id, traceparent }) => [id, traceparent])));
});

test("an app that cannot answer neither loses nor parks an event, however often it is tried", async () => {
  const opened = await open();
  const handled: CloudEvent<EventData>[] = [];
  const well = auditDoor(opened, keepIn(handled));
  let calls = 0;
  const sick: Door = {
    handle: (request) => (calls++ < 12 ? new Response("upstream is away", { status: 503 }) : well.handle(request)),
  };
  await opened.start({ audit: sick });
  const events = inOrder(crypto.randomUUID(), 3);
  await opened.bus.publish(messages(events));
  await until("all are handled", () => handled.length >= 3);
  expect(handled).toEqual(events);
  expect(await opened.deadLetters(deadLetterTopic("task-events", "audit"))).toEqual([]);
});

test.each([
  ["one by one", null],
  ["gathered", 100],
] as const)(
  "G6: of many events on their way, %s, it is the poisonous one that is parked, although others were handled before it was given up",
  async (_, gatherMs) => {
    const opened = await open(quickSubscriptions.map((one) => ({ ...one, gatherMs })));
    const events = Array.from({ length: 40 }, () => eventOf(crypto.randomUUID(), 1));
    const [poison] = events.slice(25);
    const handled: CloudEvent<EventData>[] = [];
    // Published before the subscriber reads: gathered, they come as batches.
    await opened.bus.publish(messages(events));
    const handle = oneByOne<EventData>(async (event) => {
      if (event.id === poison?.id) return { kind: "retry", reason: "it is poisonous" };
      handled.push(event);
      return done;
    });
    await opened.start({ audit: auditDoor(opened, handle) });
    const letters = () => opened.deadLetters(deadLetterTopic("task-events", "audit"));
    await until("it is parked", async () => (await letters()).length > 0);
    expect(await letters()).toEqual([{ eventId: poison?.id ?? "", reason: "it is poisonous" }]);
    await until("the others are handled", () => new Set(handled.map(({ id }) => id)).size === 39);
  },
);

test("the history's events, which come in batches, are retried until they are done, in order per user; undecodable ones among them are parked", async () => {
  const audit = subscriptions.filter(({ service }) => service === "audit");
  const opened = await open(audit);
  const users = Array.from({ length: 20 }, () => crypto.randomUUID());
  const events = [1, 2, 3].flatMap((number) => users.map((user) => eventOf(user, number)));
  const broken = [events[7], events[33]].map((event) => event?.id ?? "");
  const sent = events.map((event) =>
    broken.includes(event.id) ? { ...event, data: { ...event.data, actor: 7 as never } } : event,
  );
  await opened.bus.publish(messages(sent));
  const handled: CloudEvent<EventData>[] = [];
  const failures = new Map<string, number>();
  const handle = oneByOne<EventData>(async (event) => {
    const count = failures.get(event.id) ?? 0;
    // More often than any limited subscription would retry.
    if (event.data.change_seq === 2 && event.partitionkey === users[0] && count < 12) {
      failures.set(event.id, count + 1);
      return { kind: "retry", reason: "not yet" };
    }
    handled.push(event);
    return done;
  });
  await opened.start({ audit: auditDoor(opened, handle, audit[0]?.retry) });
  await until("all are handled", () => new Set(handled.map(({ id }) => id)).size === 58);
  for (const user of users) {
    const own = handled.filter(({ partitionkey }) => partitionkey === user).map(({ data }) => data.change_seq);
    expect(own).toEqual(own.toSorted());
  }
  const letters = () => opened.deadLetters(deadLetterTopic("task-events", "audit"));
  await until("both are parked", async () => (await letters()).length === 2);
  expect((await letters()).map(({ eventId }) => eventId).sort()).toEqual(broken.toSorted());
});

// Last, because it takes the broker away from all tests.
test("G22: a broker that is killed rejects events as unavailable, and takes and delivers them when it is back", async () => {
  const opened = await open();
  const handled: CloudEvent<EventData>[] = [];
  await opened.start({ audit: auditDoor(opened, keepIn(handled)) });
  const [first, second, third] = inOrder(crypto.randomUUID(), 3);
  if (!first || !second || !third) throw new Error("three events");
  await opened.bus.publish(messages([first]));
  await until("the first is handled", () => handled.length > 0);
  await broker.kafka.kill();
  const askedAt = performance.now();
  await expect(opened.bus.publish(messages([second]))).rejects.toMatchObject({ name: "Problem", code: "unavailable" });
  expect(performance.now() - askedAt).toBeLessThan(6_000);
  broker.kafka = await startKafka({ folder: join(broker.stack.folder, "kafka") });
  const publish = () =>
    opened.bus.publish(messages([second, third])).then(
      () => true,
      () => false,
    );
  await until("it takes events again", publish, 60_000);
  await until("all are handled", () => new Set(handled.map(({ id }) => id)).size === 3, 60_000);
  expect([...new Set(handled.map(({ data }) => data.change_seq))]).toEqual([1, 2, 3]);
}, 240_000);
