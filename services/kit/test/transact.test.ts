import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { type TestDatabase, testDatabase } from "@carillon/testing/database";
import { connect, type Sql } from "../src/database/connect.ts";
import { transact } from "../src/database/transact.ts";

setDefaultTimeout(30_000);

let database: TestDatabase;
let sql: Sql;

beforeAll(async () => {
  database = await testDatabase({ migrations: [] });
  await database.sql`create table public.account (id int primary key, sum int not null)`;
  await database.sql`insert into public.account values (1, 0), (2, 0)`;
  await database.sql`grant all on public.account to public`;
  sql = connect(database.urlFor("api"), { max: 4, name: "transact" });
});
afterAll(async () => {
  await sql.end({ timeout: 1 });
  await database.close();
});

test("two transactions that deadlock are both carried out, each once", async () => {
  const bothHoldOne = Promise.withResolvers<void>();
  let [holding, attempts] = [0, 0];
  const add = (first: number, second: number) =>
    transact(sql, async (tx) => {
      attempts++;
      await tx`update public.account set sum = sum + 1 where id = ${first}`;
      if (++holding === 2) bothHoldOne.resolve();
      await bothHoldOne.promise;
      await tx`update public.account set sum = sum + 1 where id = ${second}`;
      return first;
    });
  expect(await Promise.all([add(1, 2), add(2, 1)])).toEqual([1, 2]);
  // The victim may meet the other once more.
  expect(attempts).toBeGreaterThanOrEqual(3);
  expect(await sql<{ sum: number }[]>`select sum from public.account order by id`).toMatchObject([
    { sum: 2 },
    { sum: 2 },
  ]);
});

test("a fault of the work itself is not retried", async () => {
  let attempts = 0;
  const wrong = transact(sql, async (tx) => {
    attempts++;
    await tx`insert into public.account values (1, 0)`;
  });
  await expect(wrong).rejects.toMatchObject({ code: "23505" });
  expect(attempts).toBe(1);
});

test("G25: a connection keeps nothing of a transaction that has ended", async () => {
  const results: WeakRef<object>[] = [];
  for (let at = 0; at < 200; at++) {
    results.push(
      new WeakRef(
        await sql.begin(async (tx) => {
          await tx`select 1`;
          return { text: "a long story" };
        }),
      ),
    );
  }
  Bun.gc(true);
  await Bun.sleep(0);
  Bun.gc(true);
  // The newest may still be reachable from the stack.
  expect(results.filter((result) => result.deref() !== undefined).length).toBeLessThan(20);
});
