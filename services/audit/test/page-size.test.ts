import { afterAll, expect, test } from "bun:test";
import type { AuditPage } from "@carillon/contracts/http/audit";
import { testDatabase } from "@carillon/testing/database";
import { openDoor } from "./door.ts";
import { eventOf } from "./events.ts";

const database = await testDatabase({ migrations: ["audit"] });
const sql = database.connectAs("audit");
const door = openDoor(sql);
afterAll(async () => {
  await sql.end();
  await database.close();
});

test("G25: a page of large entries ends after about half a megabyte, and the pages together hold every entry once", async () => {
  const [userId, taskId] = [Bun.randomUUIDv7(), Bun.randomUUIDv7()];
  const changes = { description: ["a".repeat(20_000), "b".repeat(20_000)] as [unknown, unknown] };
  const events = Array.from({ length: 60 }, (_, minute) =>
    eventOf({ userId, type: "task.updated", taskId, at: new Date(Date.UTC(2026, 10, 21, 9, minute)), changes }),
  );
  await door.deliver(events);
  const found: string[] = [];
  for (let cursor: string | null = "", pages = 0; cursor !== null; pages++) {
    expect(pages).toBeLessThan(10);
    const query = new URLSearchParams({ user_id: userId, limit: "100", ...(cursor === "" ? {} : { cursor }) });
    const { body } = await door.ask(`/internal/entries?${query}`);
    const page = body as AuditPage;
    expect(JSON.stringify(page).length).toBeLessThan(600_000);
    found.push(...page.data.map(({ id }) => id));
    cursor = page.next_cursor;
  }
  expect(found).toEqual(events.map(({ id }) => id).toReversed());
});
