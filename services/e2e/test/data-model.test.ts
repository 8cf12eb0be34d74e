import { expect, test } from "bun:test";
import { schemas } from "@carillon/kit/database";
import { testDatabase } from "@carillon/testing/database";
import { dataModelPage, pageFile } from "../src/data-model.ts";

test("docs/data-model.md has the tables that the migrations make", async () => {
  const database = await testDatabase({ migrations: [...schemas] });
  const page = await Bun.file(pageFile).text();
  expect(page).toBe(await dataModelPage(database.sql));
  await database.close();
});
