/** Writes `generated/compose/`: Dapr's files as compose.yaml mounts them. Part of `npm run gen`. */
import { join } from "node:path";
import { composeFiles } from "./src/compose-files.ts";

for (const [file, text] of composeFiles()) await Bun.write(join(import.meta.dir, "generated/compose", file), text);
