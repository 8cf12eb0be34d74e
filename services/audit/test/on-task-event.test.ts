import { afterAll, expect, test } from "bun:test";
import { appTokenHeader } from "@carillon/contracts/names";
import { silentLog } from "@carillon/kit/observe";
import type { State } from "@carillon/kit/ports";
import { testDatabase } from "@carillon/testing/database";
import fc from "fast-check";
import { createInternalApp } from "../src/app.ts";
import { judgeTaskEvents } from "../src/on-task-event.ts";
import { verifyHistory } from "../src/verify-history.ts";
import { booksOf } from "./books.ts";
import { eventOf, eventsOf } from "./events.ts";

const database = await testDatabase({ migrations: ["audit"] });
const sql = database.connectAs("audit");
const elsewhere = database.connectAs("audit");
afterAll(async () => {
  await Promise.all([sql.end(), elsewhere.end()]);
  await database.close();
});

const done = { kind: "done" } as const;
const noState: State = { get: async () => null, set: async () => true, delete: async () => {} };
const idsOf = async (userId: string): Promise<string[]> => {
  const rows = await sql<{ id: string }[]>`select id from audit.entries where user_id = ${userId} order by seq`;
  return rows.map((row) => row.id);
};

test("a batch becomes entries in the order of its events, one chain per user", async () => {
  const [ann, bob] = [Bun.randomUUIDv7(), Bun.randomUUIDv7()];
  const events = [...eventsOf(3, { userId: ann }), ...eventsOf(2, { userId: bob }), ...eventsOf(2, { userId: ann })];
  expect(await judgeTaskEvents(booksOf(sql), events)).toEqual(events.map(() => done));
  expect(await idsOf(ann)).toEqual(events.filter((event) => event.data.user_id === ann).map((event) => event.id));
  expect(await idsOf(bob)).toEqual(events.filter((event) => event.data.user_id === bob).map((event) => event.id));
  expect(await verifyHistory(booksOf(sql), ann)).toEqual({ ok: true, checked: 5, first_broken: null, reason: null });
});

test("G5: an event delivered again, in the same batch or a later one, is one entry", async () => {
  const userId = Bun.randomUUIDv7();
  const [first, second, third] = eventsOf(3, { userId });
  const batch = [first, second, first].filter((event) => event !== undefined);
  expect(await judgeTaskEvents(booksOf(sql), batch)).toEqual([done, done, done]);
  expect(
    await judgeTaskEvents(
      booksOf(sql),
      [...batch, third].filter((event) => event !== undefined),
    ),
  ).toEqual([done, done, done, done]);
  expect(await idsOf(userId)).toEqual([first?.id, second?.id, third?.id].map(String));
});

test("G5, G8: consumers that get the same batches three times, in parallel, write each event once into one chain per user", async () => {
  const users = Array.from({ length: 12 }, () => Bun.randomUUIDv7());
  const perUser = users.map((userId) => eventsOf(20, { userId }));
  // Batches mix users in different orders, so consumers that did not lock in one order would
  // deadlock.
  const batches = Array.from({ length: 10 }, (_, batch) => {
    const order = batch % 2 === 0 ? perUser : perUser.toReversed();
    return order.flatMap((events) => events.slice(batch * 2, batch * 2 + 2));
  });
  const consume = async (connection: typeof sql): Promise<void> => {
    for (const batch of batches)
      expect(await judgeTaskEvents(booksOf(connection), batch)).toEqual(batch.map(() => done));
  };
  await Promise.all([sql, elsewhere].flatMap((connection) => [1, 2, 3].map(() => consume(connection))));
  for (const [index, userId] of users.entries()) {
    expect(await idsOf(userId)).toEqual((perUser[index] ?? []).map((event) => event.id));
    expect(await verifyHistory(booksOf(sql), userId)).toEqual({
      ok: true,
      checked: 20,
      first_broken: null,
      reason: null,
    });
  }
});

test("an event that PostgreSQL cannot hold is parked alone: the rest of the batch, the same user's included, becomes history", async () => {
  const userId = Bun.randomUUIDv7();
  const [before, after] = [eventOf({ userId }), eventOf({ userId })];
  const poison = eventOf({ userId, changes: { title: [null, "a\0b"] } });
  expect(await judgeTaskEvents(booksOf(sql), [before, poison, after])).toEqual([
    done,
    { kind: "drop", reason: "it holds a NUL character" },
    done,
  ]);
  expect(await idsOf(userId)).toEqual([before.id, after.id]);
});

test("while the database is away the whole batch is retried", async () => {
  const gone = database.connectAs("audit");
  await gone.end();
  const verdicts = await judgeTaskEvents(booksOf(gone), eventsOf(2, { userId: Bun.randomUUIDv7() }));
  expect(verdicts.map(({ kind }) => kind)).toEqual(["retry", "retry"]);
});

test("G6: an event that can never be written is dropped at once, also while the database is away and behind events that wait for it", async () => {
  const gone = database.connectAs("audit");
  await gone.end();
  const door = createInternalApp({ books: booksOf(gone), log: silentLog, state: noState, appToken: "token" });
  const userId = Bun.randomUUIDv7();
  const events = [
    eventOf({ userId }),
    eventOf({ userId, changes: { title: [null, "a\0b"] } }),
    ...eventsOf(20, { userId: Bun.randomUUIDv7() }),
  ];
  const entries = events.map((event, at) => ({ entryId: String(at), event }));
  const response = await door.handle(
    new Request("http://localhost/events/task-events", {
      method: "POST",
      headers: { [appTokenHeader]: "token" },
      body: JSON.stringify({ entries }),
    }),
  );
  const { statuses } = (await response.json()) as { statuses: { status: string }[] };
  expect(statuses.map(({ status }) => status)).toEqual(["RETRY", "DROP", ...Array(20).fill("RETRY")]);
});

test("any JSON a change may hold comes back from the database with a hash that fits", async () => {
  const userId = Bun.randomUUIDv7();
  const values = fc
    .sample(fc.jsonValue({ maxDepth: 4, stringUnit: "binary" }), { numRuns: 300, seed: 42 })
    .filter((value) => !JSON.stringify(value).includes("\\u0000"));
  const extremes = [
    -0,
    5e-324,
    Number.MAX_VALUE,
    1e21,
    123456789012345680000,
    0.1 + 0.2,
    "\u2028",
    { "": "" },
    JSON.parse('{"__proto__":1}'),
  ];
  const events = [...values, ...extremes].map((value) => eventOf({ userId, changes: { value: [null, value] } }));
  expect(await judgeTaskEvents(booksOf(sql), events)).toEqual(events.map(() => done));
  expect(await verifyHistory(booksOf(sql), userId)).toEqual({
    ok: true,
    checked: events.length,
    first_broken: null,
    reason: null,
  });
});
