/** `bun services/dev/src/size-law/main.ts`: no file and no function of code is longer than a reader can hold. Ends with 1 when one is. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { allowed } from "./allowed.ts";
import { longFunctions, maxFileLines, maxFunctionLines } from "./find-long.ts";

const root = resolve(import.meta.dir, "../../../..");
const generated = /(^|\/)(schemas|generated|migrations\/meta)\//;

const files = Bun.spawnSync(["git", "ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root })
  .stdout.toString()
  .split("\n")
  .filter((file) => /\.(tsx?|m?js)$/.test(file) && !generated.test(file) && existsSync(join(root, file)));

/** What is too long, as `allowed` would name it, with its lines. */
const long = new Map<string, number>();
for (const file of files) {
  const text = readFileSync(join(root, file), "utf8");
  const lines = text.split("\n").length - 1;
  if (lines > maxFileLines) long.set(file, lines);
  for (const { name, lines: count } of longFunctions(file, text)) long.set(`${file} ${name}`, count);
}

const faults = [
  ...[...long].flatMap(([what, lines]) => {
    const most = allowed[what] ?? 0;
    return lines > most ? [`${what}: ${lines} lines${most > 0 ? `, ${most} allowed` : ""}`] : [];
  }),
  ...Object.keys(allowed).flatMap((what) => (long.has(what) ? [] : [`${what} is short now: take it off the list`])),
];
if (faults.length > 0) {
  process.stdout.write(`A file has at most ${maxFileLines} lines, a function ${maxFunctionLines}:\n`);
  for (const fault of faults) process.stdout.write(`  ${fault}\n`);
}
process.exit(faults.length === 0 ? 0 : 1);
