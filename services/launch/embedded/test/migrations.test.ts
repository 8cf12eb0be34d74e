import { afterEach, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { migrationFolder, schemas } from "@carillon/kit/database";
import { oldestDatabase, shouldShow, shownOf } from "@carillon/testing/old-data";
import { provenReversible } from "@carillon/testing/reversible";
import { until } from "@carillon/testing/until";
import { createRig } from "./rig.ts";

const { start, clear } = createRig();
afterEach(clear);

const owned = schemas
  .map((schema) => ({ schema, folder: migrationFolder(schema) }))
  .filter(({ folder }) => existsSync(folder));

test.each(owned)(
  "every migration of $schema leads up, back and up again to the same tables, triggers and functions",
  async (migrations) => {
    expect(await provenReversible(migrations)).not.toEqual([]);
  },
);

test("a product in one process takes over what the first release wrote", async () => {
  const { database, account } = await oldestDatabase();
  const { urls } = await start({ environment: { DATABASE_URL: database.url } });
  await until("the dates have moved", async () => Bun.deepEquals(await shownOf(urls.api, account), shouldShow));
  await database.close();
}, 60_000);
