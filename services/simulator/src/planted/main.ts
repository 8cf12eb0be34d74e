/**
 * `npm run simulate:planted -- [--steps 8000] [--seed 1] [words of names]`: runs the simulator against each planted fault, which it must find
 * within that many steps, a minute's work. Ends with `N passed, N failed`.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bugs } from "./bugs.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { steps: { type: "string", default: "8000" }, seed: { type: "string", default: "1" } },
});
const chosen = bugs.filter(({ name }) => positionals.every((word) => name.includes(word)));
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const main = join(import.meta.dir, "../main.ts");
const preload = join(import.meta.dir, "preload.ts");
/** However busy the machine is. */
const maxSeconds = "600";
let found = 0;

for (const { name } of chosen) {
  const length = ["--steps", values.steps, "--seconds", maxSeconds, "--seed", values.seed];
  const child = Bun.spawn([process.execPath, "--preload", preload, main, ...length], {
    env: { ...process.env, PLANTED: name },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  await child.exited;
  const law = /^BROKEN (.*)$/m.exec(out)?.[1];
  if (law) found += 1;
  const steps = /^(\d+) steps/m.exec(out)?.[1];
  say(`${law ? "found  " : "MISSED "} ${name}, after ${steps} steps: ${law ?? err.trim().split("\n").at(-1) ?? ""}`);
}
say(`\n${found} passed, ${chosen.length - found} failed`);
process.exit(found === chosen.length ? 0 : 1);
