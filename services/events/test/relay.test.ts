import { afterAll, afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import type { EventData } from "@carillon/contracts/event";
import type { Sql } from "@carillon/kit/database";
import { metrics } from "@carillon/kit/observe";
import type { Message } from "@carillon/kit/ports";
import { appendAll, eventOf, inOrder } from "@carillon/testing/events";
import { until } from "@carillon/testing/until";
import type { RelayOptions } from "../src/publish/relay-options.ts";
import { slotOf } from "../src/publish/slots/slot-of.ts";
import { broker, numbersOf, openOutbox } from "./relay-rig.ts";

setDefaultTimeout(30_000);

const { database, sql, relay, unpublished, clear, stopRelays, close } = await openOutbox();
beforeEach(clear);
afterEach(stopRelays);
afterAll(close);

test("every row is published, in order per user, and marked", async () => {
  const users = Array.from({ length: 50 }, () => crypto.randomUUID());
  const { bus, taken } = broker();
  const { stats } = relay(bus, { batchRows: 37 });
  for (let at = 0; at < 10; at++)
    await appendAll(
      sql,
      users.map((user) => eventOf(user, at + 1)),
    );
  await until("all are marked", async () => taken.length >= 500 && (await unpublished()) === 0);
  expect(taken).toHaveLength(500);
  for (const user of users) expect(numbersOf(taken, user)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(stats()).toEqual({ published: 500, held: 0, brokerAway: false });
});

test("a commit wakes the relay before its poll", async () => {
  const { bus, taken } = broker();
  relay(bus, { pollMs: 60_000 });
  await appendAll(sql, inOrder(crypto.randomUUID(), 1));
  await until("the first is published", () => taken.length === 1);
  await Bun.sleep(100);
  const startedAt = performance.now();
  await appendAll(sql, inOrder(crypto.randomUUID(), 1));
  await until("the second is published", () => taken.length === 2);
  expect(performance.now() - startedAt).toBeLessThan(500);
});

test("a commit wakes the relay also after the listening connection was cut", async () => {
  const { bus, taken } = broker();
  relay(bus, { pollMs: 60_000 });
  await appendAll(sql, inOrder(crypto.randomUUID(), 1));
  await until("the first is published", () => taken.length === 1);
  // It may publish before it listens.
  await until("the listening connection is cut", async () => {
    const cut = await database.sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where query ilike 'listen%' and application_name = 'carillon-test-relay-own' and datname = current_database()`;
    return cut.count === 1;
  });
  await Bun.sleep(1_500);
  const startedAt = performance.now();
  await appendAll(sql, inOrder(crypto.randomUUID(), 1));
  await until("the second is published", () => taken.length === 2);
  expect(performance.now() - startedAt).toBeLessThan(500);
});

test("G3: a user with many changes does not delay the others, where a user's events go in sequence", async () => {
  const busy = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
  const [first = ""] = busy;
  // In the same slot: only the relay's own fairness brings it before the others' rows.
  const quiet = Array.from({ length: 200 }, () => crypto.randomUUID()).find((user) => slotOf(user) === slotOf(first));
  const { bus, taken } = broker();
  const oneAfterTheOther: RelayOptions["bus"] = {
    async publish(messages) {
      const most = Math.max(...[...Map.groupBy(messages, ({ key }) => key).values()].map(({ length }) => length));
      // An event goes to two topics at the same time.
      await Bun.sleep((most / 2) * 10);
      await bus.publish(messages);
    },
  };
  await appendAll(
    sql,
    busy.flatMap((user) => inOrder(user, 600)),
  );
  relay(oneAfterTheOther);
  await until("it is under way", () => taken.length > 0);
  if (quiet === undefined) throw new Error("200 users and none in the first one's slot");
  const startedAt = performance.now();
  await appendAll(sql, inOrder(quiet, 1));
  await until("it is published", () => taken.some((event) => event.partitionkey === quiet));
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  await until("so are the others", async () => (await unpublished()) === 0);
  for (const user of busy) expect(numbersOf(taken, user)).toEqual(Array.from({ length: 600 }, (_, at) => at + 1));
});

test("large events travel in small batches, and all of them", async () => {
  const { bus, taken } = broker();
  let largest = 0;
  const measured = {
    publish(messages: readonly Message[]) {
      largest = Math.max(largest, JSON.stringify(messages).length);
      return bus.publish(messages);
    },
  };
  const user = crypto.randomUUID();
  const noise = () => crypto.getRandomValues(new Uint8Array(60_000)).toHex();
  const events = Array.from({ length: 120 }, (_, at) => {
    const event = eventOf(user, at + 1);
    return { ...event, data: { ...event.data, changes: { description: [null, noise()] as [unknown, unknown] } } };
  });
  for (let at = 0; at < events.length; at += 20) await appendAll(sql, events.slice(at, at + 20));
  relay(measured);
  await until("all are published", () => taken.length === 120);
  expect(numbersOf(taken, user)).toEqual(Array.from({ length: 120 }, (_, at) => at + 1));
  expect(largest).toBeLessThan(5_000_000);
});

test("while the broker is away nothing is marked and nothing lost; it catches up by itself within five seconds", async () => {
  const user = crypto.randomUUID();
  const { bus, taken, state } = broker();
  state.away = true;
  const { stats } = relay(bus);
  await appendAll(sql, [...inOrder(user, 20), ...inOrder(crypto.randomUUID(), 1)]);
  await until("it was tried", () => stats().brokerAway);
  await Bun.sleep(1_500);
  expect(taken).toEqual([]);
  expect(await unpublished()).toBe(21);
  state.away = false;
  const backAt = performance.now();
  await until("it has caught up", async () => (await unpublished()) === 0);
  expect(performance.now() - backAt).toBeLessThan(6_000);
  expect(numbersOf(taken, user)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
  expect(stats().brokerAway).toBe(false);
});

test("a rejected row holds back its own user only, and continues in order when it is accepted", async () => {
  const [sick, ...well] = Array.from({ length: 20 }, () => crypto.randomUUID());
  if (!sick) throw new Error("a user");
  let poisonous = true;
  const { bus, taken } = broker(
    ({ event, key }) => poisonous && key === sick && (event.data as EventData).change_seq === 3,
  );
  const { stats } = relay(bus);
  await appendAll(
    sql,
    [sick, ...well].flatMap((user) => inOrder(user, 5)),
  );
  await until("the others are published", async () => (await unpublished()) === 3);
  expect(numbersOf(taken, sick)).toEqual([1, 2]);
  expect(stats()).toMatchObject({ held: 1, brokerAway: false });
  const later = inOrder(crypto.randomUUID(), 3);
  await appendAll(sql, later);
  await until("later ones are published", async () => (await unpublished()) === 3);
  poisonous = false;
  await until("the rest is published", async () => (await unpublished()) === 0);
  expect(numbersOf(taken, sick)).toEqual([1, 2, 3, 4, 5]);
  expect(stats().held).toBe(0);
});

test("one rejected user, without others to publish for, does not slow down later ones", async () => {
  const sick = crypto.randomUUID();
  const { bus, taken } = broker(({ key }) => key === sick);
  const { stats } = relay(bus);
  await appendAll(sql, inOrder(sick, 2));
  await until("it was refused", () => stats().held === 1);
  await Bun.sleep(6_000);
  const startedAt = performance.now();
  const well = Array.from({ length: 20 }, () => crypto.randomUUID());
  await appendAll(
    sql,
    well.map((user) => eventOf(user, 1)),
  );
  await until("the others are published", () => taken.length === well.length);
  expect(performance.now() - startedAt).toBeLessThan(500);
});

test("published rows whose mark failed are published again with the same ids", async () => {
  const events = inOrder(crypto.randomUUID(), 3);
  const ids: string[] = [];
  // A sequence counts on when its transaction is rolled back: the first mark is refused, as by a database that goes down.
  await database.sql.unsafe(`create sequence public.marks;
    create function public.refuse_first() returns trigger language plpgsql security definer as $$ begin
      if nextval('public.marks') = 1 then raise exception 'it goes down' using errcode = '57P01'; end if; return null; end $$;
    create trigger refuse_first before update of published_at on api.outbox execute function public.refuse_first()`);
  const idsOf = (messages: readonly Message[]) => messages.filter(({ topic }) => topic === "task-events");
  relay({ publish: async (messages) => void ids.push(...idsOf(messages).map(({ event }) => event.id)) });
  await appendAll(sql, events);
  await until("all are marked", async () => (await unpublished()) === 0);
  await database.sql.unsafe("drop trigger refuse_first on api.outbox");
  const expected = events.map((event) => event.id);
  expect(ids.slice(0, 3)).toEqual(expected);
  expect(ids.slice(-3)).toEqual(expected);
  expect(ids.length).toBeGreaterThan(3);
});

test("a transaction that commits late is published although later rows were before it", async () => {
  const { bus, taken } = broker();
  relay(bus);
  const [slow, quick] = [crypto.randomUUID(), crypto.randomUUID()];
  const late = Promise.withResolvers<void>();
  const writing = sql.begin(async (tx) => {
    await appendAll(tx as unknown as Sql, inOrder(slow, 1));
    await late.promise;
  });
  await appendAll(sql, inOrder(quick, 1));
  await until("the quick one is published", () => taken.length === 1);
  late.resolve();
  await writing;
  await until("the late one is published", () => taken.length === 2);
  expect(numbersOf(taken, slow)).toEqual([1]);
});

test("replicas share the users, and order per user holds while they come and go", async () => {
  const users = Array.from({ length: 40 }, () => crypto.randomUUID());
  const { bus, taken } = broker();
  const first = relay(bus, { batchRows: 50 });
  let written = 0;
  const writing = (async () => {
    for (; written < 120; written++) {
      await appendAll(
        sql,
        users.map((user) => eventOf(user, written + 1)),
      );
      await Bun.sleep(30);
    }
  })();
  await Bun.sleep(500);
  const second = relay(bus, { batchRows: 50 });
  await until("the second works too", () => second.stats().published > 0);
  await first.stop();
  await writing;
  await until("all are marked", async () => (await unpublished()) === 0);
  const expected = Array.from({ length: 120 }, (_, at) => at + 1);
  for (const user of users) expect([...new Set(numbersOf(taken, user))]).toEqual(expected);
  expect(first.stats().published + second.stats().published).toBe(40 * 120);
});

test("published rows are deleted after seven days, unpublished ones never", async () => {
  const { bus, taken } = broker(({ event }) => (event.data as EventData).change_seq === 3);
  const user = crypto.randomUUID();
  await appendAll(sql, inOrder(user, 4));
  const first = relay(bus);
  await until("what can be is published", () => taken.length === 2);
  await first.stop();
  await sql`update api.outbox set created_at = now() - interval '9 days'`;
  await sql`update api.outbox set published_at = now() - interval '8 days' where change_seq = 1`;
  relay(bus);
  const left = async () =>
    (await sql<{ seq: string }[]>`select change_seq as seq from api.outbox order by change_seq`).map((row) =>
      Number(row.seq),
    );
  await until("the old one is forgotten", async () => (await left()).length < 4);
  expect(await left()).toEqual([2, 3, 4]);
});

test("operators see how many rows wait and the age of the oldest, and zero again once they are taken", async () => {
  const seen = async (metric: typeof metrics.outboxOldestAge) => (await metric.get()).values[0]?.value ?? -1;
  const { bus, state } = broker();
  state.away = true;
  await appendAll(sql, inOrder(crypto.randomUUID(), 3));
  await sql`update api.outbox set created_at = now() - interval '9 minutes'`;
  const { stats } = relay(bus);
  await until("it was tried", () => stats().brokerAway);
  await until("the age is reported", async () => (await seen(metrics.outboxOldestAge)) >= 540);
  expect(await seen(metrics.outboxPending)).toBe(3);
  state.away = false;
  await until("nothing waits any more", async () => (await seen(metrics.outboxOldestAge)) === 0);
  expect(await seen(metrics.outboxPending)).toBe(0);
});
