import { expect, test } from "bun:test";
import { objectionTo } from "./database.ts";

test("a server of a version before 15 is refused in one sentence, 15 is not", () => {
  expect(objectionTo({ version: "14.9", number: 140_009, encoding: "UTF8" })).toBe(
    "DATABASE_URL names a PostgreSQL 14.9; Carillon needs version 15 or later.",
  );
  expect(objectionTo({ version: "15.0", number: 150_000, encoding: "UTF8" })).toBeNull();
});
