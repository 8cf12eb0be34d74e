/** `bun services/dev/src/size-law/main.ts`: no file and no function of code is longer than a reader can hold. Ends with 1 when one is. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { longFunctions, maxFileLines, maxFunctionLines } from "./find-long.ts";

const root = resolve(import.meta.dir, "../../../..");
const generated = /(^|\/)(schemas|generated|migrations\/meta)\//;

const files = Bun.spawnSync(["git", "ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root })
  .stdout.toString()
  .split("\n")
  .filter((file) => /\.(tsx?|m?js)$/.test(file) && !generated.test(file) && existsSync(join(root, file)));

const faults = files.flatMap((file) => {
  const text = readFileSync(join(root, file), "utf8");
  const lines = text.split("\n").length - 1;
  return [
    ...(lines > maxFileLines ? [`${file}: ${lines} lines`] : []),
    ...longFunctions(file, text).map(({ name, line, lines: count }) => `${file}:${line} ${name}: ${count} lines`),
  ];
});
if (faults.length > 0) {
  process.stdout.write(`A file has at most ${maxFileLines} lines, a function ${maxFunctionLines}:\n`);
  for (const fault of faults) process.stdout.write(`  ${fault}\n`);
}
process.exit(faults.length === 0 ? 0 : 1);
