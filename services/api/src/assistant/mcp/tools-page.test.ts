import { expect, test } from "bun:test";
import { join } from "node:path";
import { toolsPage } from "./tools-page.ts";

test("docs/mcp-tools.md says what the registry says", async () => {
  const page = await Bun.file(join(import.meta.dir, "../../../../../docs/mcp-tools.md")).text();
  expect(page).toBe(toolsPage());
});
