/** Writes `schemas/*.json`, `docs/events.md` and Dapr's subscriptions from the schemas and the catalogue. Part of `npm run gen`. */
import { join } from "node:path";
import { subscriptionFiles } from "./src/dapr-subscriptions.ts";
import { eventsPage, schemaFiles } from "./src/published.ts";

for (const [file, text] of schemaFiles()) await Bun.write(join(import.meta.dir, "schemas", file), text);
await Bun.write(join(import.meta.dir, "../../docs/events.md"), eventsPage());
for (const [file, text] of subscriptionFiles())
  await Bun.write(join(import.meta.dir, "../../kustomize/base/dapr/subscriptions", file), text);
