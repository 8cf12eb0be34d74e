import { afterAll, expect, test } from "bun:test";
import { testDatabase } from "@carillon/testing/database";
import { judgeTaskEvents } from "../src/on-task-event.ts";
import { sealOlder } from "../src/seal-older.ts";
import { verifyHistory } from "../src/verify-history.ts";
import { booksOf, keys } from "./books.ts";
import { eventsOf } from "./events.ts";

const database = await testDatabase({ migrations: ["audit"] });
const sql = database.connectAs("audit");
const owner = database.connectAs("owner");
const books = booksOf(sql);
afterAll(async () => {
  await Promise.all([sql.end(), owner.end()]);
  await database.close();
});

test("entries from before seals existed are sealed by the run that adds the seals, and by no later one", async () => {
  const userId = Bun.randomUUIDv7();
  await judgeTaskEvents(books, eventsOf(3, { userId }));
  await owner.begin(async (tx) => {
    await tx`alter table audit.entries disable trigger user`;
    await tx`update audit.entries set seal = null where user_id = ${userId} and seq < 3`;
    await tx`alter table audit.entries enable trigger user`;
  });
  await sealOlder(owner, keys, []);
  expect(await verifyHistory(books, userId)).toMatchObject({ ok: false, checked: 0, reason: "forged" });
  await sealOlder(owner, keys, ["0002_seals"]);
  expect(await verifyHistory(books, userId)).toMatchObject({ ok: true, checked: 3 });
  await expect(owner`update audit.entries set actor = 'system'`.execute()).rejects.toThrow("append-only");
});
