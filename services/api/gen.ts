/** Writes `docs/mcp-tools.md` from the registry of tools. Part of `npm run gen`. */
import { join } from "node:path";
import { toolsPage } from "./src/assistant/mcp/tools-page.ts";

await Bun.write(join(import.meta.dir, "../../docs/mcp-tools.md"), toolsPage());
