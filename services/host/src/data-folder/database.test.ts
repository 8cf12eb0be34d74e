import { expect, test } from "bun:test";
import { objectionTo } from "./database.ts";

const good = { version: "16.0", number: 160_000, encoding: "UTF8", hasOrder: true };
const needed =
  "Carillon needs PostgreSQL 16 or later, built with ICU (as those of postgresql.org and the image `postgres` are).";

test.each([
  [{ version: "15.9", number: 150_009 }, `DATABASE_URL names a PostgreSQL 15.9; ${needed}`],
  [{ version: "15.9", number: 150_009, hasOrder: false }, `DATABASE_URL names a PostgreSQL 15.9; ${needed}`],
  [{ hasOrder: false }, `DATABASE_URL names a PostgreSQL 16.0 without ICU; ${needed}`],
  [{ encoding: "LATIN1" }, "DATABASE_URL names a database in LATIN1; Carillon needs one in UTF8."],
])("a server that cannot be used is refused in one sentence that says what is needed: %j", (facts, sentence) => {
  expect(objectionTo({ ...good, ...facts })).toBe(sentence);
  expect(objectionTo(good)).toBeNull();
});
