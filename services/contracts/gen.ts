/** `bun run gen` in this folder: writes `schemas/*.json` and `docs/events.md` from the schemas and the catalogue. */
import { join } from "node:path";
import { eventsPage, schemaFiles } from "./src/published.ts";

for (const [file, text] of schemaFiles()) await Bun.write(join(import.meta.dir, "schemas", file), text);
await Bun.write(join(import.meta.dir, "../../docs/events.md"), eventsPage());
