/** Writes docs/cli.md from the command table. Part of `npm run gen`. */
import { join } from "node:path";
import { page } from "./src/commands/page.ts";

await Bun.write(join(import.meta.dir, "../../docs/cli.md"), page());
