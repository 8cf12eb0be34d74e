import { afterAll, expect, test } from "bun:test";
import { testDatabase } from "@carillon/testing/database";
import { openDoor } from "./door.ts";
import { eventOf, eventsOf } from "./events.ts";

const database = await testDatabase({ migrations: ["audit"] });
const sql = database.connectAs("audit");
const door = openDoor(sql);
afterAll(async () => {
  await sql.end();
  await database.close();
});

const verify = (userId: string) => door.ask(`/internal/verify?user_id=${userId}`);

test("delivered events can be read and verified", async () => {
  const userId = Bun.randomUUIDv7();
  expect(await door.deliver(eventsOf(3, { userId }))).toEqual(["SUCCESS", "SUCCESS", "SUCCESS"]);
  expect(await verify(userId)).toMatchObject({
    status: 200,
    body: { ok: true, checked: 3, first_broken: null, reason: null },
  });
});

test("a user without a history has an intact one", async () => {
  expect(await verify(Bun.randomUUIDv7())).toMatchObject({
    status: 200,
    body: { ok: true, checked: 0, first_broken: null, reason: null },
  });
});

test("G8: a broken history is answered with the entry that does not fit", async () => {
  const userId = Bun.randomUUIDv7();
  const events = eventsOf(3, { userId });
  await door.deliver(events);
  await database.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`update audit.entries set action = 'task.deleted' where user_id = ${userId} and seq = 2`;
  });
  const answer = { status: 200, body: { ok: false, checked: 1, first_broken: events[1]?.id } };
  expect(await verify(userId)).toMatchObject(answer);
  expect(await verify(userId.toUpperCase())).toMatchObject(answer);
});

test("G6: an event that cannot be decoded is parked with its reason, and the rest of the batch becomes history", async () => {
  const userId = Bun.randomUUIDv7();
  const [before, poison, after] = [
    eventOf({ userId }),
    eventOf({ userId, changes: { title: [null, "a\0b"] } }),
    eventOf({ userId }),
  ];
  const unreadable = { ...eventOf({ userId }), data: 17 };
  expect(await door.deliver([before, poison, unreadable, after])).toEqual(["SUCCESS", "DROP", "DROP", "SUCCESS"]);
  expect(await verify(userId)).toMatchObject({ body: { ok: true, checked: 2 } });
  expect(await door.state.get(`failure:audit:${poison.id}`)).toMatchObject({
    value: { event_id: poison.id, attempts: 1, last_error: "it holds a NUL character" },
  });
});

test("an entry that PostgreSQL refuses is retried and blocks only its own user", async () => {
  const [held, free] = [Bun.randomUUIDv7(), Bun.randomUUIDv7()];
  await database.sql`alter table audit.entries add constraint refusal check (action <> 'task.skipped')`;
  const refused = eventOf({ userId: held, type: "task.skipped" });
  const events = [eventOf({ userId: held }), refused, eventOf({ userId: held }), ...eventsOf(2, { userId: free })];
  expect(await door.deliver(events)).toEqual(["SUCCESS", "RETRY", "RETRY", "SUCCESS", "SUCCESS"]);
  expect(await door.state.get(`failure:audit:${refused.id}`)).toMatchObject({
    value: { last_error: expect.stringContaining("refusal") },
  });
  await database.sql`alter table audit.entries drop constraint refusal`;
  expect(await door.deliver(events)).toEqual(Array(5).fill("SUCCESS"));
  const rows = await sql<{ id: string }[]>`select id from audit.entries where user_id = ${held} order by seq`;
  expect(rows.map((row) => row.id)).toEqual(events.slice(0, 3).map((event) => event.id));
  expect(await verify(held)).toMatchObject({ body: { ok: true, checked: 3 } });
});

test("one event alone, as a sidecar without bulk delivers it, is an entry too", async () => {
  const userId = Bun.randomUUIDv7();
  const { status, body } = await door.ask("/events/task-events", {
    method: "POST",
    body: JSON.stringify(eventOf({ userId })),
  });
  expect({ status, body }).toEqual({ status: 200, body: { status: "SUCCESS" } });
  expect(await verify(userId)).toMatchObject({ body: { checked: 1 } });
});

test("a caller without the app's token is rejected, whatever it asks", async () => {
  const userId = Bun.randomUUIDv7();
  for (const path of [
    "/internal/entries",
    `/internal/verify?user_id=${userId}`,
    "/internal/compare",
    "/events/task-events",
    "/internal/nothing",
  ]) {
    const { status } = await door.ask(path, { headers: { "dapr-api-token": "another-token-of-22-c" } });
    expect(status).toBe(401);
  }
});

test("G22, G23: without its database it is alive, not ready, answers 503 and loses no event", async () => {
  const gone = database.connectAs("audit");
  const orphan = openDoor(gone);
  await gone.end();
  const userId = Bun.randomUUIDv7();
  expect((await orphan.ask("/health/live")).status).toBe(200);
  expect(await orphan.ask("/health")).toMatchObject({ status: 200, body: { service: "audit", database: "away" } });
  for (const path of [
    "/health/ready",
    "/ready",
    `/internal/entries?user_id=${userId}`,
    `/internal/verify?user_id=${userId}`,
  ]) {
    const { status, headers } = await orphan.ask(path);
    expect([path, status, headers.get("retry-after")]).toEqual([path, 503, "2"]);
  }
  expect(await orphan.deliver(eventsOf(2, { userId }))).toEqual(["RETRY", "RETRY"]);
  expect((await door.ask("/health/ready")).status).toBe(200);
});
