import { afterAll, expect, test } from "bun:test";
import { migrationFolder } from "@carillon/kit/database";
import { testDatabase } from "@carillon/testing/database";
import { provenReversible } from "@carillon/testing/reversible";
import { getTableConfig } from "drizzle-orm/pg-core";
import { judgeTaskEvents } from "../src/on-task-event.ts";
import { entries, erased, heads } from "../src/schema.ts";
import { booksOf } from "./books.ts";
import { eventsOf } from "./events.ts";

const database = await testDatabase({ migrations: ["audit"] });
const service = database.connectAs("audit");
const owner = database.connectAs("owner");
afterAll(async () => {
  await Promise.all([owner.end(), service.end()]);
  await database.close();
});

const userId = Bun.randomUUIDv7();
await judgeTaskEvents(booksOf(service), eventsOf(3, { userId }));
const everything = async (): Promise<unknown> => ({
  entries: await database.sql`select * from audit.entries order by user_id, seq`,
  heads: await database.sql`select * from audit.heads order by user_id`,
});
const before = await everything();

const attempts: [string, string][] = [
  ["an entry cannot be edited", "update audit.entries set action = 'task.deleted' where seq = 2"],
  [
    "nor edited on the way of an insert",
    "insert into audit.entries select * from audit.entries on conflict (user_id, seq) do update set actor = 'x'",
  ],
  ["an entry cannot be removed", "delete from audit.entries where seq = 3"],
  ["the history cannot be emptied", "truncate audit.entries"],
  ["nor together with the heads", "truncate audit.entries, audit.heads"],
  ["a head cannot go back", "update audit.heads set seq = seq - 1"],
  ["a head cannot stay and change its hash", "update audit.heads set hash = '\\x00'"],
  ["a head cannot be handed to another user", "update audit.heads set user_id = gen_random_uuid(), seq = seq + 1"],
  ["a head cannot be removed", "delete from audit.heads"],
  ["heads cannot be emptied", "truncate audit.heads"],
  ["the record of an erasure cannot be emptied", "truncate audit.erased"],
];
for (const [promise, statement] of attempts) {
  test(`the database keeps the history: ${promise}, by the owner or by a superuser`, async () => {
    for (const sql of [owner, database.sql]) {
      expect(
        await sql.unsafe(statement).then(
          () => "done",
          (error: Error) => error.message,
        ),
      ).toContain("is append-only");
    }
    expect(await everything()).toEqual(before);
  });
}

test("the migrations lead down and up again", async () => {
  expect(await provenReversible({ schema: "audit", folder: migrationFolder("audit") })).toEqual([
    "0000_audit",
    "0001_ops_reads",
    "0002_seals",
    "0003_entries_of_batches",
    "0004_via",
  ]);
});

test("the tables have the columns of schema.ts, in its words", async () => {
  for (const table of [entries, heads, erased]) {
    const { name, columns } = getTableConfig(table);
    const rows = await database.sql`
      select attname as name, format_type(atttypid, atttypmod) as type, attnotnull as required
      from pg_attribute where attrelid = ${`audit.${name}`}::regclass and attnum > 0 order by attnum`;
    const written = columns.map((column) => ({
      name: column.name,
      type: column.getSQLType().replace("timestamp (3) with", "timestamp(3) with"),
      required: column.notNull,
    }));
    expect([...rows]).toEqual(written);
  }
});
