import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect, type Sql } from "@carillon/kit/database";
import { type TestDatabase, testDatabase } from "@carillon/testing/database";
import { localState } from "../src/local/state.ts";

let database: TestDatabase;
let sql: Sql;

beforeAll(async () => {
  database = await testDatabase({ migrations: ["state"] });
  sql = connect(database.urlFor("state"), { max: 4, name: "test-state" });
});
afterAll(async () => {
  await sql.end({ timeout: 1 });
  await database.close();
});

const state = () => localState({ sql });

test("a stored value comes back as it was, whatever it is", async () => {
  const value = { text: "ü 😀 \\ \" '", list: [1, null, true], deep: { nothing: {} } };
  expect(await state().set("a", value)).toBe(true);
  expect((await state().get("a"))?.value).toEqual(value);
  expect(await state().set("a", null)).toBe(true);
  expect((await state().get<null>("a"))?.value).toBeNull();
  await state().delete("a");
  expect(await state().get("a")).toBeNull();
});

test("of two writers that saw the same value only one changes it", async () => {
  await state().set("counter", 1);
  const etag = (await state().get("counter"))?.etag ?? "";
  const results = await Promise.all([2, 3, 4, 5].map((value) => state().set("counter", value, { etag })));
  expect(results.filter((won) => won)).toHaveLength(1);
  expect(await state().set("counter", 9, { etag: "never was one" })).toBe(false);
  expect(await state().set("unknown", 9, { etag })).toBe(false);
  expect(await state().get("unknown")).toBeNull();
});

/** Ages every stored value by that many seconds. */
const pass = (seconds: number) =>
  sql`update state.entry set expires_at = expires_at - ${seconds}::float8 * interval '1 second'`;

test("a value expires after its time by the database's clock, for readers at once", async () => {
  await state().set("brief", "x", { ttlSeconds: 60 });
  await state().set("kept", "x");
  await pass(50);
  expect((await state().get("brief"))?.value).toBe("x");
  const etag = (await state().get("brief"))?.etag ?? "";
  await pass(11);
  expect(await state().get("brief")).toBeNull();
  expect(await state().set("brief", "y", { etag })).toBe(false);
  expect(await state().sweep()).toBe(1);
  expect((await state().get("kept"))?.value).toBe("x");
});
