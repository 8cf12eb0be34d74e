import { expect, test } from "bun:test";
import { join } from "node:path";
import { exportSchema } from "./export-schema.ts";

test("the schema of the export in the documents is the one that is served", async () => {
  const page = Bun.file(join(import.meta.dir, "../../../../../docs/export.v1.schema.json"));
  expect(await page.text()).toBe(exportSchema());
});
