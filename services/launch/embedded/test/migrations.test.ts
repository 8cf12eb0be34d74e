import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { migrationFolder, schemas } from "@carillon/kit/database";
import { provenReversible } from "@carillon/testing/reversible";

const owned = schemas
  .map((schema) => ({ schema, folder: migrationFolder(schema) }))
  .filter(({ folder }) => existsSync(folder));

test.each(owned)(
  "every migration of $schema leads up, back and up again to the same tables, triggers and functions",
  async (migrations) => {
    expect(await provenReversible(migrations)).not.toEqual([]);
  },
);
