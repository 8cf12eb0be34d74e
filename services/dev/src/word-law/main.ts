/** `bun services/dev/src/word-law/main.ts`: no file has a word of `words.ts`. Ends with 1 when one does. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { findWords } from "./find-words.ts";

const root = resolve(import.meta.dir, "../../../..");
/** Generated files, and migrations: those that were applied cannot change. */
const skipped =
  /(^|\/)(generated|schemas|migrations|word-law)\/|\.(json|lock|svg|png|ico|woff2)$|^LICENSE$|most-used-passwords/;

const files = Bun.spawnSync(["git", "ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root })
  .stdout.toString()
  .split("\n")
  .filter((file) => file !== "" && !skipped.test(file) && existsSync(join(root, file)));

const found = files.flatMap((file) =>
  findWords(readFileSync(join(root, file), "utf8")).map((each) => ({ ...each, file })),
);
for (const { file, line, word, say } of found) process.stdout.write(`${file}:${line} "${word}" (${say})\n`);
process.exit(found.length === 0 ? 0 : 1);
