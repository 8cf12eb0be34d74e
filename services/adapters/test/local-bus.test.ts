import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import type { Subscription } from "@carillon/contracts/catalog";
import type { CloudEvent, EventData } from "@carillon/contracts/event";
import { done, oneByOne } from "@carillon/events/consume";
import { connect } from "@carillon/kit/database";
import { silentLog } from "@carillon/kit/observe";
import { eventOf, inOrder, keepIn } from "@carillon/testing/events";
import { until } from "@carillon/testing/until";
import fc from "fast-check";
import { forgetSilent } from "../src/local/broadcast.ts";
import { sweepBus } from "../src/local/bus-sweep.ts";
import { startDeliveries } from "../src/local/deliveries.ts";
import type { Door } from "../src/local/door.ts";
import { busConformance } from "./bus.conformance.ts";
import { auditDoor, messages, quickSubscriptions } from "./bus-under-test.ts";
import { appToken, clock, type LocalBusUnderTest, openLocalBus } from "./local-bus-under-test.ts";

setDefaultTimeout(30_000);

busConformance("local bus", openLocalBus);

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(subscriptions: readonly Subscription[] = quickSubscriptions): Promise<LocalBusUnderTest> {
  const opened = await openLocalBus(subscriptions);
  closing.push(opened.close);
  return opened;
}

/** Deliveries that give a call up after `callMs`. */
async function deliver(
  opened: LocalBusUnderTest,
  door: Door,
  { callMs = 10_000, subscriptions = quickSubscriptions } = {},
) {
  const sql = connect(opened.database.urlFor("bus"), { max: 4, name: "test-deliveries" });
  const deliveries = startDeliveries({
    sql,
    doors: { audit: door },
    appToken,
    log: silentLog,
    clock,
    subscriptions,
    callMs,
  });
  closing.push(() => deliveries.stop().then(() => sql.end({ timeout: 1 })));
}

const numbersOf = (events: readonly CloudEvent<EventData>[], user: string): number[] =>
  events.filter((event) => event.partitionkey === user).map((event) => event.data.change_seq);

/** A door on which calls with `poison` in them fail as a whole. */
function failingDoor(door: Door, poison: string, fail: () => Promise<Response>): Door {
  return {
    async handle(request) {
      const body = await request.text();
      if (body.includes(poison)) return fail();
      return door.handle(new Request(request.url, { method: "POST", headers: request.headers, body }));
    },
  };
}

test("an event that makes whole calls fail uses its own tries and no others", async () => {
  const onlyTry = quickSubscriptions.map((one) => ({ ...one, retry: { ...one.retry, attempts: 1 } }));
  const opened = await open(onlyTry);
  const [sick, ...well] = Array.from({ length: 30 }, () => crypto.randomUUID());
  if (!sick) throw new Error("a user");
  const events = [sick, ...well].flatMap((user) => inOrder(user, 4));
  const poison = events[1]?.id ?? "";
  const handled: CloudEvent<EventData>[] = [];
  const door = failingDoor(auditDoor(opened, keepIn(handled)), poison, async () => new Response("oh", { status: 500 }));
  await opened.bus.publish(messages(events));
  await deliver(opened, door, { subscriptions: onlyTry });
  await until("the others are handled", () => handled.length >= events.length - 1);
  expect(numbersOf(handled, sick)).toEqual([1, 3, 4]);
  for (const user of well) expect(numbersOf(handled, user)).toEqual([1, 2, 3, 4]);
  const parked = await opened.sql`select event_id, reason, attempts from bus.dead_letter`;
  expect([...parked]).toEqual([{ event_id: poison, reason: "the door answered 500", attempts: 1 }]);
});

test("an event on which the door hangs delays its own key only, at every try", async () => {
  const opened = await open();
  const sick = crypto.randomUUID();
  const events = inOrder(sick, 2);
  const handled: CloudEvent<EventData>[] = [];
  const hanging = failingDoor(auditDoor(opened, keepIn(handled)), events[0]?.id ?? "", () => new Promise(() => {}));
  await deliver(opened, hanging, { callMs: 1_000 });
  await opened.bus.publish(messages(events));
  // The first call may have others in it; from then on it goes alone.
  await Bun.sleep(1_100);
  let slowestMs = 0;
  while (numbersOf(handled, sick).length === 0) {
    const startedAt = performance.now();
    const others = Array.from({ length: 6 }, () => eventOf(crypto.randomUUID(), 1));
    await opened.bus.publish(messages(others));
    await until("the others are handled", () => others.every(({ id }) => handled.some((event) => event.id === id)));
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
    await Bun.sleep(50);
  }
  expect(slowestMs).toBeLessThan(700);
  expect(numbersOf(handled, sick)).toEqual([2]);
  const parked = await opened.deadLetters("task-events.audit.dlq");
  expect(parked.map(({ eventId }) => eventId)).toEqual([events[0]?.id ?? ""]);
});

test("tries are as far apart as the catalogue says", async () => {
  const slow = quickSubscriptions.map((one) => ({ ...one, retry: { attempts: 3, firstMs: 300, maxMs: 600 } }));
  const opened = await open(slow);
  const triedAt: number[] = [];
  const door = auditDoor(
    opened,
    oneByOne(async () => {
      triedAt.push(performance.now());
      return { kind: "retry", reason: "later" };
    }),
  );
  await deliver(opened, door, { subscriptions: slow });
  await opened.bus.publish(messages(inOrder(crypto.randomUUID(), 1)));
  await until("it is parked", async () => (await opened.deadLetters("task-events.audit.dlq")).length > 0);
  const [first = 0, second = 0, third = 0] = triedAt;
  expect(triedAt).toHaveLength(3);
  expect(second - first).toBeGreaterThanOrEqual(150);
  expect(second - first).toBeLessThan(900);
  expect(third - second).toBeGreaterThanOrEqual(300);
  expect(third - second).toBeLessThan(1_200);
});

test("a door that is closed for a while loses nothing of a subscriber without a limit", async () => {
  const patient = quickSubscriptions.map((one) => ({ ...one, retry: { ...one.retry, attempts: "forever" as const } }));
  const opened = await open(patient);
  const handled: CloudEvent<EventData>[] = [];
  let shut = true;
  const inner = auditDoor(opened, keepIn(handled));
  const door: Door = { handle: (request) => (shut ? new Response(null, { status: 503 }) : inner.handle(request)) };
  const events = Array.from({ length: 50 }, () => crypto.randomUUID()).flatMap((user) => inOrder(user, 3));
  await opened.bus.publish(messages(events));
  await deliver(opened, door, { subscriptions: patient });
  await Bun.sleep(2_000);
  shut = false;
  const openAt = performance.now();
  await until("all are handled", () => handled.length >= events.length);
  expect(performance.now() - openAt).toBeLessThan(6_000);
  for (const event of events) expect(handled.filter(({ id }) => id === event.id)).toHaveLength(1);
});

test("order per key holds and nothing is lost while processes join, stop and are killed", async () => {
  const opened = await open();
  const users = Array.from({ length: 30 }, () => crypto.randomUUID());
  const handled: CloudEvent<EventData>[] = [];
  const door = auditDoor(opened, keepIn(handled));
  const first = await opened.start({ audit: door });
  const rounds = 100;
  const publishing = (async () => {
    for (let round = 1; round <= rounds; round++) {
      await opened.bus.publish(messages(users.map((user) => eventOf(user, round))));
      await Bun.sleep(40);
    }
  })();
  await Bun.sleep(300);
  const victim = await opened.startKillable({ audit: door });
  await Bun.sleep(1_500);
  await opened.start({ audit: door });
  await victim.kill();
  await Bun.sleep(1_000);
  await first.stop();
  await publishing;
  await until("all are handled", () => new Set(handled.map(({ id }) => id)).size === rounds * users.length);
  const expected = Array.from({ length: rounds }, (_, at) => at + 1);
  for (const user of users) expect([...new Set(numbersOf(handled, user))]).toEqual(expected);
});

test("connections that are cut under load lose nothing; deliveries continue within five seconds", async () => {
  const opened = await open();
  const handled: CloudEvent<EventData>[] = [];
  await deliver(opened, auditDoor(opened, keepIn(handled)));
  const users = Array.from({ length: 20 }, () => crypto.randomUUID());
  await opened.bus.publish(messages(users.flatMap((user) => inOrder(user, 10))));
  await until("it has started", () => handled.length > 0);
  await opened.database.sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'carillon-test-deliveries' and datname = current_database()`;
  const cutAt = performance.now();
  // As the relay does: a publish whose connection was cut is tried again.
  const last = messages(users.map((user) => eventOf(user, 11)));
  const publish = async () => Promise.allSettled([opened.bus.publish(last)]);
  await until("the last are published", async () => (await publish())[0].status === "fulfilled");
  await until("all are handled", () => new Set(handled.map(({ id }) => id)).size === 220);
  expect(performance.now() - cutAt).toBeLessThan(5_000);
  const expected = Array.from({ length: 11 }, (_, at) => at + 1);
  for (const user of users) expect([...new Set(numbersOf(handled, user))]).toEqual(expected);
});

test("a reason with a NUL in it is recorded like any other and blocks nothing", async () => {
  const opened = await open();
  const events = inOrder(crypto.randomUUID(), 2);
  const handled: CloudEvent<EventData>[] = [];
  await opened.bus.publish(messages(events));
  await opened.start({
    audit: auditDoor(
      opened,
      oneByOne(async (event) => {
        if (event.id === events[0]?.id) return { kind: "drop", reason: "bad\u0000\ud800 thing" };
        handled.push(event);
        return done;
      }),
    ),
  });
  await until("it is parked", async () => (await opened.deadLetters("task-events.audit.dlq")).length > 0);
  expect(await opened.deadLetters("task-events.audit.dlq")).toMatchObject([{ reason: "bad \ufffd thing" }]);
  await until("the next is handled", () => handled.length === 1);
});

test("whatever fails how often, each user's events are handled in order and each exactly once here", async () => {
  const opened = await open();
  type Fate = "done" | "once" | "twice" | "drop" | "always" | "throws once";
  const fates = new Map<string, Fate>();
  const tried = new Map<string, number>();
  const handled: string[] = [];
  await opened.start({
    audit: auditDoor(
      opened,
      oneByOne(async ({ id }) => {
        const attempt = (tried.get(id) ?? 0) + 1;
        tried.set(id, attempt);
        const fate = fates.get(id);
        if (fate === "drop") return { kind: "drop", reason: "never" };
        if (fate === "throws once" && attempt === 1) throw new Error("thrown");
        if (fate === "always" || (fate === "once" && attempt < 2) || (fate === "twice" && attempt < 3)) {
          return { kind: "retry", reason: "later" };
        }
        handled.push(id);
        return done;
      }),
    ),
  });
  const fate = fc.constantFrom<Fate>("done", "done", "done", "once", "twice", "drop", "always", "throws once");
  const plan = fc.array(fc.record({ user: fc.nat({ max: 3 }), fate, endsBatch: fc.boolean() }), {
    minLength: 1,
    maxLength: 25,
  });
  await fc.assert(
    fc.asyncProperty(plan, async (steps) => {
      const users = Array.from({ length: 4 }, () => crypto.randomUUID());
      const events = steps.map(({ user }, at) => eventOf(users[user] ?? "", at + 1));
      for (const [at, event] of events.entries()) fates.set(event.id, steps[at]?.fate ?? "done");
      let batch: CloudEvent<EventData>[] = [];
      for (const [at, event] of events.entries()) {
        batch.push(event);
        if (!steps[at]?.endsBatch && at < events.length - 1) continue;
        await opened.bus.publish(messages(batch));
        batch = [];
      }
      await until(
        "nothing is left to deliver",
        async () => (await opened.sql`select from bus.delivery limit 1`).length === 0,
      );
      for (const user of users) {
        const own = events.filter((event) => event.partitionkey === user).map(({ id }) => id);
        const expected = own.filter((id) => fates.get(id) !== "drop" && fates.get(id) !== "always");
        expect(handled.filter((id) => own.includes(id))).toEqual(expected);
      }
    }),
    { numRuns: 15 },
  );
});

test("old messages are deleted, except those with pending deliveries; dead letters stay fourteen days", async () => {
  const opened = await open();
  const { sql } = opened;
  const [gone, waited, fresh] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
  for (const user of [gone, waited, fresh]) await opened.bus.publish(messages(inOrder(user, 1)));
  await sql`update bus.message set created_at = now() - interval '8 days' where key <> ${fresh}`;
  await sql`delete from bus.delivery where key = ${gone}`;
  for (const days of [13, 15]) {
    await sql`insert into bus.dead_letter (topic, original_topic, subscriber, key, event_id, event, reason, attempts, parked_at)
      values ('t', 't', 's', ${gone}, ${String(days)}, '{}', 'r', 1, now() - ${days} * interval '1 day')`;
  }
  expect(await sweepBus(sql, new Date())).toEqual({ messages: 1, deadLetters: 1 });
  const left = await sql<{ key: string }[]>`select key::text as key from bus.message order by id`;
  expect(left.map(({ key }) => key)).toEqual([waited, fresh]);
  expect((await sql`select event_id from bus.dead_letter`).map((row) => row.event_id)).toEqual(["13"]);
});

test("a silent process is removed with its broadcasts; a live one is not", async () => {
  const { sql, bus } = await open();
  for (const name of ["realtime:task-updates@dead", "realtime:task-updates@alive"]) {
    await sql`insert into bus.subscriber (name, topic) values (${name}, 'task-updates')`;
  }
  const event = eventOf(crypto.randomUUID(), 1);
  await bus.publish([{ topic: "task-updates", key: event.partitionkey, event }]);
  await sql`update bus.subscriber set seen_at = now() - interval '2 minutes' where name like '%dead'`;
  expect(await forgetSilent(sql)).toEqual(["realtime:task-updates@dead"]);
  expect((await sql`select subscriber from bus.delivery`).map((row) => row.subscriber)).toEqual([
    "realtime:task-updates@alive",
  ]);
});
