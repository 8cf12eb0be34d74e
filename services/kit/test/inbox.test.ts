import { afterAll, beforeAll, expect, test } from "bun:test";
import { type TestDatabase, testDatabase } from "@carillon/testing/database";
import { connect, type Sql } from "../src/database/connect.ts";
import { firstSight, sweepInbox } from "../src/inbox.ts";

let database: TestDatabase;
let sql: Sql;

beforeAll(async () => {
  database = await testDatabase({ migrations: [] });
  sql = connect(database.urlFor("audit"), { max: 6, name: "test-inbox" });
  await sql.unsafe(`
    create table audit.inbox (
      consumer text not null, event_id uuid not null, seen_at timestamptz not null default clock_timestamp(),
      primary key (consumer, event_id)
    );
    create table audit.effect (event_id uuid);`);
});
afterAll(async () => {
  await sql.end({ timeout: 1 });
  await database.close();
});

const ids = (count: number) => Array.from({ length: count }, () => crypto.randomUUID());

test("each consumer sees each event once", async () => {
  const [first, second, third] = ids(3) as [string, string, string];
  const see = (consumer: string, some: string[]) => sql.begin((tx) => firstSight(tx, "audit", consumer, some));
  expect(await see("entries", [first, second, first])).toEqual(new Set([first, second]));
  expect(await see("entries", [second, third])).toEqual(new Set([third]));
  expect(await see("other", [first])).toEqual(new Set([first]));
  expect(await see("entries", [])).toEqual(new Set());
});

test("a rolled-back transaction has seen nothing", async () => {
  const [id] = ids(1) as [string];
  const failing = sql.begin(async (tx) => {
    await firstSight(tx, "audit", "entries", [id]);
    throw new Error("no effect");
  });
  await expect(failing).rejects.toThrow("no effect");
  expect(await sql.begin((tx) => firstSight(tx, "audit", "entries", [id]))).toEqual(new Set([id]));
});

test("overlapping batches at the same time, in any order, have one effect per event and never block each other for good", async () => {
  const all = ids(60);
  const apply = (some: readonly string[]) =>
    sql.begin(async (tx) => {
      const fresh = await firstSight(tx, "audit", "effects", some);
      await Bun.sleep(2);
      for (const id of some) if (fresh.has(id)) await tx`insert into audit.effect values (${id})`;
    });
  const batches = Array.from({ length: 24 }, () => all.toSorted(() => Math.random() - 0.5).slice(0, 20));
  await Promise.all(batches.map(apply));
  const touched = new Set(batches.flat());
  const effects = await sql<{ id: string }[]>`select event_id::text as id from audit.effect`;
  expect(effects.map(({ id }) => id).sort()).toEqual([...touched].sort());
});

test("what was seen long ago is forgotten", async () => {
  const [old, young] = ids(2) as [string, string];
  await sql.begin((tx) => firstSight(tx, "audit", "swept", [old, young]));
  await sql`update audit.inbox set seen_at = now() - interval '40 days' where event_id = ${old}`;
  expect(await sweepInbox(sql, "audit", new Date(Date.now() - 30 * 86_400_000))).toBe(1);
  expect(await sql.begin((tx) => firstSight(tx, "audit", "swept", [old, young]))).toEqual(new Set([old]));
});
