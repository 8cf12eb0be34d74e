import { afterAll, expect, test } from "bun:test";
import { testDatabase } from "@carillon/testing/database";
import { judgeTaskEvents } from "../src/on-task-event.ts";
import { verifyHistory } from "../src/verify-history.ts";
import { booksOf } from "./books.ts";
import { eventOf, eventsOf } from "./events.ts";

const database = await testDatabase({ migrations: ["audit"] });
const sql = database.connectAs("audit");
afterAll(async () => {
  await sql.end();
  await database.close();
});

/** Every value of the schema, as one text. */
async function everythingKept(): Promise<string> {
  const tables = await database.sql`
    select (select jsonb_agg(e) from audit.entries e) as entries, (select jsonb_agg(h) from audit.heads h) as heads,
      (select jsonb_agg(e) from audit.erased e) as erased`;
  return JSON.stringify(tables);
}

const endOf = (userId: string) => eventOf({ userId, type: "user.erased", taskId: null, changes: {} });

test("an erased user leaves nothing that names them, and other users lose nothing", async () => {
  const [leaving, staying] = [Bun.randomUUIDv7(), Bun.randomUUIDv7()];
  await judgeTaskEvents(booksOf(sql), [...eventsOf(5, { userId: leaving }), ...eventsOf(4, { userId: staying })]);
  expect(await judgeTaskEvents(booksOf(sql), [endOf(leaving)])).toEqual([{ kind: "done" }]);
  expect(await everythingKept()).not.toContain(leaving);
  expect(await verifyHistory(booksOf(sql), leaving)).toEqual({
    ok: true,
    checked: 0,
    first_broken: null,
    reason: null,
  });
  expect(await verifyHistory(booksOf(sql), staying)).toEqual({
    ok: true,
    checked: 4,
    first_broken: null,
    reason: null,
  });
});

test("events of an erased user, late or redelivered, before, with or after the erasure, recreate nothing", async () => {
  const userId = Bun.randomUUIDv7();
  const past = eventsOf(3, { userId });
  const end = endOf(userId);
  await judgeTaskEvents(booksOf(sql), past);
  const late = [...past, end, ...eventsOf(2, { userId })];
  expect(await judgeTaskEvents(booksOf(sql), late)).toEqual(late.map(() => ({ kind: "done" })));
  expect(await judgeTaskEvents(booksOf(sql), [...past, ...eventsOf(1, { userId })])).toEqual(
    Array(4).fill({ kind: "done" }),
  );
  expect(await judgeTaskEvents(booksOf(sql), [end])).toEqual([{ kind: "done" }]);
  expect(await everythingKept()).not.toContain(userId);
});

test("an interrupted erasure continues when its event is redelivered", async () => {
  const userId = Bun.randomUUIDv7();
  await judgeTaskEvents(booksOf(sql), eventsOf(9, { userId }));
  await sql`select audit.erase(${userId}, 4)`;
  await judgeTaskEvents(booksOf(sql), eventsOf(2, { userId }));
  const [left] = await sql`select count(*)::int as entries from audit.entries where user_id = ${userId}`;
  expect(left).toEqual({ entries: 5 });
  await judgeTaskEvents(booksOf(sql), [endOf(userId)]);
  expect(await everythingKept()).not.toContain(userId);
});

test("a user without any history can be erased, and stays erased", async () => {
  const userId = Bun.randomUUIDv7();
  await judgeTaskEvents(booksOf(sql), [endOf(userId)]);
  await judgeTaskEvents(booksOf(sql), eventsOf(2, { userId }));
  expect(await everythingKept()).not.toContain(userId);
});

test("an erasure amid concurrent writers leaves nothing, whichever comes first", async () => {
  for (let round = 0; round < 15; round++) {
    const userId = Bun.randomUUIDv7();
    const writers = Array.from({ length: 6 }, () => judgeTaskEvents(booksOf(sql), eventsOf(3, { userId })));
    const erasures = [judgeTaskEvents(booksOf(sql), [endOf(userId)]), judgeTaskEvents(booksOf(sql), [endOf(userId)])];
    const verdicts = (await Promise.all([...writers, ...erasures])).flat();
    expect(new Set(verdicts.map((verdict) => verdict.kind))).toEqual(new Set(["done"]));
    expect(await everythingKept()).not.toContain(userId);
  }
});

test("an insert of a head that waited for the erasure to commit does not survive it", async () => {
  const userId = Bun.randomUUIDv7();
  const [erasing, writing] = [await sql.reserve(), await sql.reserve()];
  await erasing`begin`;
  await erasing`select audit.erase(${userId}, 10)`;
  const insert = writing`insert into audit.heads (user_id) values (${userId}) on conflict do nothing`.execute();
  await Bun.sleep(100);
  await erasing`commit`;
  await insert;
  erasing.release();
  writing.release();
  expect(await everythingKept()).not.toContain(userId);
});
