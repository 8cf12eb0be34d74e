import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startEmbeddedPostgres } from "@carillon/kit/embedded-postgres";
import { stopRequested } from "@carillon/kit/stop-signal";
import { chromiumPath } from "./src/browser.ts";
import { add, nothing, type Tally, tallyOf } from "./src/tally.ts";

/**
 * Every test of the repository, in the order in which a failure says most: unit and integration, the product through HTTP, the product in
 * a browser. Arguments narrow it to the files whose paths contain one of them. Ends with "N passed, N failed".
 */
const root = resolve(import.meta.dir, "../..");
/** A suite that hangs is a failure, not an endless wait. */
const suiteMs = 30 * 60_000;
const perTestMs = 60_000;

type Environment = Record<string, string | undefined>;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const wanted = process.argv.slice(2);
const files = filesOf(["services", "web"]).filter(
  (file) => wanted.length === 0 || wanted.some((part) => file.includes(part)),
);
const needsBrowser = (file: string): boolean => readFileSync(join(root, file), "utf8").includes('"./src/browser.ts"');
const isProduct = (file: string): boolean => file.endsWith(".e2e.test.ts");
let child: Bun.Subprocess | null = null;
let isAsked = false;

async function runAll(): Promise<Tally> {
  const home = mkdtempSync(join(tmpdir(), "carillon-tests-"));
  const given = process.env.TEST_DATABASE_URL;
  const cluster = given
    ? null
    : await startEmbeddedPostgres({ folder: join(home, "cluster"), password: crypto.randomUUID(), durable: false });
  const environment = { ...process.env, TEST_DATABASE_URL: given ?? cluster?.urlOf("postgres") };
  try {
    const inside = await run(
      "Unit and integration tests",
      files.filter((file) => !isProduct(file)),
      environment,
      2,
    );
    return add(inside, await runProductTests(environment));
  } finally {
    await cluster?.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

/** Each file starts a product of its own, as `npm start` does it: one after the other, they are heavy. */
async function runProductTests(environment: Environment): Promise<Tally> {
  const ofProduct = files.filter(isProduct);
  const http = ofProduct.filter((file) => !needsBrowser(file));
  const browser = ofProduct.filter(needsBrowser);
  const throughHttp = await run("The product through HTTP", http, environment);
  if (chromiumPath) return add(throughHttp, await run("The product in a browser", browser, environment));
  if (browser.length > 0) {
    say(
      `\n*** The browser tests did NOT run (${browser.join(", ")}): there is no Chromium; install one or set CHROMIUM. ***`,
    );
  }
  return throughHttp;
}

/** One `bun test` over these files, its output passed on as it comes. */
async function run(title: string, chosen: readonly string[], environment: Environment, atOnce = 1): Promise<Tally> {
  if (chosen.length === 0 || isAsked) return nothing;
  say(`\n── ${title}: ${chosen.length} files ──`);
  // Each file in a world of its own: what one leaves behind must not reach the next.
  const options = [`--timeout=${perTestMs}`, atOnce > 1 ? `--parallel=${atOnce}` : "--isolate"];
  const command = [process.execPath, "test", ...options, ...chosen.map((file) => `./${file}`)];
  const started = Bun.spawn(command, { cwd: root, env: environment, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  child = started;
  const timer = setTimeout(() => started.kill("SIGKILL"), suiteMs);
  const outputs = [pass(started.stdout), pass(started.stderr)];
  const exitCode = await started.exited;
  clearTimeout(timer);
  return tallyOf((await Promise.all(outputs)).join("\n"), exitCode);
}

async function pass(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    process.stdout.write(chunk);
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

function filesOf(folders: readonly string[]): string[] {
  return folders
    .flatMap((folder) => [...new Bun.Glob(`${folder}/**/*.test.{ts,tsx}`).scanSync({ cwd: root })])
    .filter((file) => !file.includes("node_modules"))
    .sort();
}

async function main(): Promise<void> {
  void stopRequested(Number(process.env.CARILLON_STARTED_BY) || null).then((reason) => {
    say(`\nAsked to stop (${reason}).`);
    isAsked = true;
    child?.kill("SIGTERM");
  });
  const tally = await runAll().catch((error: unknown) => {
    say(`The tests could not run: ${error instanceof Error ? error.message : String(error)}`);
    return { ...nothing, failed: 1 };
  });
  if (tally.skipped.length > 0) say(`\n*** ${tally.skipped.length} tests did NOT run: ${tally.skipped.join("; ")} ***`);
  if (files.length === 0) say(`No test file matches ${wanted.join(", ")}.`);
  // A run that tests nothing, or that was broken off, proves nothing.
  const failed = tally.failed + (isAsked || tally.passed + tally.failed === 0 ? 1 : 0);
  say(`\n${tally.passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}

await main();
