import { expect, test } from "bun:test";
import { migrationFolder } from "@carillon/kit/database";
import { provenReversible } from "@carillon/testing/reversible";

test.each([
  { schema: "bus", expected: ["0000_bus", "0001_alarm"] },
  { schema: "state", expected: ["0000_state"] },
] as const)("the migrations of $schema lead up, down and up again to the same tables", async ({ schema, expected }) => {
  expect(await provenReversible({ schema, folder: migrationFolder(schema) })).toEqual([...expected]);
});
