import { afterAll, expect, test } from "bun:test";
import { testDatabase } from "@carillon/testing/database";
import { reportOutbox } from "../src/outbox.ts";

const database = await testDatabase({ migrations: ["api"] });
const api = database.connectAs("api");
afterAll(async () => {
  await api.end();
  await database.close();
});

async function commit(changeSeq: number, secondsAgo: number, isPublished: boolean): Promise<void> {
  const id = Bun.randomUUIDv7();
  await api`
    insert into api.outbox (user_id, change_seq, slot, event_id, type, entity_id, event, created_at, published_at)
    values (${id}, ${changeSeq}, 0, ${id}, 'task.created', ${id}, '{}', now() - ${secondsAgo} * interval '1 second', ${isPublished ? api`now()` : null})`;
}

test("an outbox with everything published says so", async () => {
  await commit(1, 900, true);
  expect(await reportOutbox(api)).toEqual({
    lines: ["Everything committed is on the bus."],
    data: { pending: 0, oldest_seconds: null, parked: 0 },
    exitCode: 0,
  });
});

test("changes not on the bus yet are counted, with the age of the oldest", async () => {
  await commit(2, 30, false);
  await commit(3, 200, false);
  const { lines, data } = await reportOutbox(api);
  expect(lines).toEqual(["2 changes wait for the bus, the oldest for 3 min 20 s."]);
  expect(data).toMatchObject({ pending: 2, oldest_seconds: expect.closeTo(200, 0) });
});

test("parked rows do not wait for the bus, and are counted separately", async () => {
  await api`update api.outbox set parked_at = now(), parked_reason = 'no data' where change_seq = 3`;
  const { lines, data } = await reportOutbox(api);
  expect(lines).toEqual([
    "1 change waits for the bus, the oldest for 30 s.",
    "1 cannot be read and is parked: `dlq list`.",
  ]);
  expect(data).toMatchObject({ pending: 1, parked: 1 });
});
