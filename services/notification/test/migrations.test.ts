import { expect, test } from "bun:test";
import { migrationFolder } from "@carillon/kit/database";
import { provenReversible } from "@carillon/testing/reversible";

test("the migrations lead up, down and up again to the same tables", async () => {
  const names = await provenReversible({ schema: "notification", folder: migrationFolder("notification") });
  expect(names).toEqual(["0000_notification", "0001_ops_reads", "0002_carry_causes"]);
});
