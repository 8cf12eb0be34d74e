/** `bun services/dev/src/word-law/main.ts`: no folder uses more of the listed words than it is allowed. Ends with 1 when one does. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { allowed } from "./allowed.ts";
import { findWords } from "./find-words.ts";

const root = resolve(import.meta.dir, "../../../..");
/** Generated files, and migrations: those that were applied cannot change. */
const skipped =
  /(^|\/)(generated|schemas|migrations|word-law)\/|\.(json|lock|svg|png|ico|woff2)$|^LICENSE$|most-used-passwords/;

const files = Bun.spawnSync(["git", "ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root })
  .stdout.toString()
  .split("\n")
  .filter((file) => file !== "" && !skipped.test(file) && existsSync(join(root, file)));

/** `services/<name>` or the top folder; a file at the top is in `.`. */
const roomOf = (file: string): string => /^(services\/[^/]+|[^/]+)\//.exec(file)?.[1] ?? ".";

const found = Map.groupBy(
  files.flatMap((file) =>
    findWords(readFileSync(join(root, file), "utf8")).map((each) => ({ ...each, file, room: roomOf(file) })),
  ),
  ({ room }) => room,
);

if (process.argv.includes("--count"))
  for (const [room, all] of found) process.stdout.write(`  ${JSON.stringify(room)}: ${all.length},\n`);

const over = [...found].filter(([room, all]) => all.length > (allowed[room] ?? 0));
for (const [room, all] of over) {
  process.stdout.write(
    `${room}: ${all.length} words of services/dev/src/word-law/words.ts, ${allowed[room] ?? 0} allowed\n`,
  );
  for (const { file, line, word, say } of all) process.stdout.write(`  ${file}:${line} "${word}" (${say})\n`);
}
process.exit(over.length === 0 ? 0 : 1);
