/** `npm run gen` in this folder: writes `generated/`: the dashboards as Grafana reads them and the rules as Prometheus does; and the tables of docs/monitoring.md. */
import { join } from "node:path";
import { generatedFiles } from "./src/generated.ts";
import { monitoringPage, pageFile } from "./src/monitoring-page.ts";

for (const [file, text] of generatedFiles()) await Bun.write(join(import.meta.dir, "generated", file), text);
await Bun.write(pageFile, monitoringPage());
