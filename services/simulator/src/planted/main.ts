/**
 * `npm run simulate:planted -- [--seconds 60] [words of names]`: runs the simulator against each planted fault, which it must find within
 * that time. Ends with `N passed, N failed`.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bugs } from "./bugs.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: "string", default: "60" } },
});
const chosen = bugs.filter(({ name }) => positionals.every((word) => name.includes(word)));
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const main = join(import.meta.dir, "../main.ts");
const preload = join(import.meta.dir, "preload.ts");
let found = 0;

for (const { name } of chosen) {
  const child = Bun.spawn([process.execPath, "--preload", preload, main, "--seconds", values.seconds, "--seed", "1"], {
    env: { ...process.env, PLANTED: name },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  await child.exited;
  const law = /^BROKEN (.*)$/m.exec(out)?.[1];
  if (law) found += 1;
  say(`${law ? "found  " : "MISSED "} ${name}: ${law ?? err.trim().split("\n").at(-1) ?? ""}`);
}
say(`\n${found} passed, ${chosen.length - found} failed`);
process.exit(found === chosen.length ? 0 : 1);
