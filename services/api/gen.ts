/** Writes the pages of `docs` that are made from the API itself: its description, its reference, its tools. Part of `npm run gen`. */
import { join } from "node:path";
import { toolsPage } from "./src/assistant/mcp/tools-page.ts";
import { apiReference, apiYaml } from "./src/docs/api-pages.ts";
import { describeApi } from "./src/docs/describe-api.ts";
import { exportSchema } from "./src/transfer/export/export-schema.ts";

const docs = join(import.meta.dir, "../../docs");
const description = await describeApi();
await Bun.write(join(docs, "mcp-tools.md"), toolsPage());
await Bun.write(join(docs, "api.yaml"), apiYaml(description));
await Bun.write(join(docs, "api-reference.md"), apiReference(description));
await Bun.write(join(docs, "export.v1.schema.json"), exportSchema());
