/** `bun services/dev/src/promise-law/main.ts`: no promise that is started may be left behind. Ends with 1 when one can be. */
import { join, relative, resolve } from "node:path";
import { findOrphans } from "./find-orphans.ts";

const root = resolve(import.meta.dir, "../../../..");
const orphans = await findOrphans(join(root, "tsconfig.json"));
for (const { file, line, what, why } of orphans)
  process.stdout.write(`${relative(root, file)}:${line} \`${what}\` ${why}\n`);
process.exit(orphans.length === 0 ? 0 : 1);
