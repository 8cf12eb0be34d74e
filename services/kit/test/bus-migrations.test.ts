import { expect, test } from "bun:test";
import { migrationFolder } from "../src/migrate.ts";
import { provenReversible } from "../src/testing/reversible.ts";

test.each(["bus", "state"] as const)(
  "the migrations of %s lead up, down and up again to the same tables",
  async (schema) => {
    const names = await provenReversible({ schema, folder: migrationFolder(schema) });
    expect(names).toEqual([`0000_${schema}`]);
  },
);
