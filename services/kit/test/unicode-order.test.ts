import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestDatabase, testDatabase } from "@carillon/testing/database";
import { migrate } from "../src/database/migrate.ts";
import { hasUnicodeOrder, renewUnicodeOrder, unicodeOrder } from "../src/database/unicode-order.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase({ migrations: [] });
  await database.sql`create table public.words (word text)`;
  await database.sql`create index words_in_order on public.words (word collate "unicode")`;
});
beforeEach(async () => {
  await database.sql`update pg_collation set collversion = '1' where collname = 'unicode'`;
});
afterAll(() => database.close());

/** The file of the index, another one after it was built again. */
const indexFile = async () =>
  (await database.sql`select relfilenode from pg_class where oid = 'public.words_in_order'::regclass`)[0]?.relfilenode;

test("after a change of the server's ICU the indexes in its order are built again, once", async () => {
  const before = await indexFile();
  expect(await unicodeOrder(database.sql)).toBe("stale");
  expect(await renewUnicodeOrder(database.sql)).toBe("renewed");
  const after = await indexFile();
  expect(after).not.toBe(before);
  expect(await renewUnicodeOrder(database.sql)).toBe("current");
  expect(await indexFile()).toBe(after);
});

test("a role that may not note the version changes nothing and says so", async () => {
  const sql = database.connectAs("api");
  const before = await indexFile();
  expect(await renewUnicodeOrder(sql)).toBe("stale");
  expect(await unicodeOrder(sql)).toBe("stale");
  expect(await indexFile()).toBe(before);
  await sql.end();
});

test("where a server lacks the order, the failed migration says what it needs", async () => {
  expect(await hasUnicodeOrder(database.sql)).toBe(true);
  const folder = mkdtempSync(join(tmpdir(), "carillon-order-"));
  // As a server without the collation answers.
  writeFileSync(join(folder, "0000_order.sql"), "select 1 order by ('a' collate \"unicode_of_another_time\");");
  const owner = database.connectAs("owner");
  const failed = migrate(owner, { schema: "state", folder }).catch((error: Error) => error.message);
  expect(await failed).toEndWith(
    "does not exist. It needs PostgreSQL 16 or later, built with ICU (as those of postgresql.org and the image `postgres` are).",
  );
  await owner.end();
});
