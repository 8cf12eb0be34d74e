import { homedir } from "node:os";
import { run } from "./commands/run.ts";
import { ask } from "./terminal/ask.ts";

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => {
    // The second time without waiting for anything.
    if (stop.signal.aborted) process.exit(130);
    stop.abort(new Error("ended by the user"));
  });
// A reader that has enough, such as head.
process.stdout.on("error", () => process.exit(0));

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  now: () => new Date(),
  fetch: (request) => fetch(request),
  out: (part) =>
    new Promise((resolve, reject) => {
      process.stdout.write(part, (error) => (error ? reject(error) : resolve()));
    }),
  err: (line) => void process.stderr.write(`${line}\n`),
  ask,
  input: () => Bun.stdin.stream(),
  columns: process.stdout.isTTY ? process.stdout.columns : null,
  sleep: (ms) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      stop.signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    }),
  signal: stop.signal,
  // npm runs scripts in the repository's folder and says where the user was; to another program the variable is a stranger's.
  folder: (process.env.CARILLON_STARTED_BY && process.env.INIT_CWD) || process.cwd(),
  home: homedir(),
});
process.exit();
