import { resolve } from "node:path";
import { elsewhereMark } from "@carillon/e2e/mode";
import { fatal } from "@carillon/kit/loop";
import { stopRequested } from "@carillon/kit/service";
import { nothing, type Tally, tallyOf } from "./tally.ts";
import { failuresByFile, steadied } from "./unsteady.ts";

export type Environment = Record<string, string | undefined>;

/** Runs `bun test`, file by file or several at once, and stops when the run is asked to stop. */
export type Runner = {
  run(title: string, files: readonly string[], environment: Environment, atOnce?: number): Promise<Tally>;
  isAsked(): boolean;
  /** Reports what did not run and the count, and exits: with 0 when nothing failed. */
  finish(tally: Tally): never;
};

export const root = resolve(import.meta.dir, "../../../..");
/** A suite that hangs is a failure, not an endless wait. */
const suiteMs = 30 * 60_000;
const perTestMs = 60_000;

export const say = (line: string): void => void process.stdout.write(`${line}\n`);

export function createRunner(): Runner {
  const running = new Set<Bun.Subprocess>();
  let asked = false;
  const elsewhere: string[] = [];
  const unsteady: string[] = [];
  stopRequested(Number(process.env.CARILLON_STARTED_BY) || null)
    .then((reason) => {
      say(`\nAsked to stop (${reason}).`);
      asked = true;
      for (const child of running) child.kill("SIGTERM");
    })
    .catch(fatal);

  return {
    isAsked: () => asked,

    async run(title, files, environment, atOnce = 1) {
      if (files.length === 0 || asked) return nothing;
      say(`\n── ${title}: ${files.length} files ──`);
      const { output, exitCode } = await runFiles(running, files, environment, atOnce);
      elsewhere.push(...output.split("\n").filter((line) => line.startsWith(elsewhereMark)));
      let tally = tallyOf(output, exitCode);
      if (!process.env.RERUN_FAILED) return tally;
      for (const [file, failures] of failuresByFile(output)) {
        if (asked) break;
        say(`\n── Once more, by itself: ${file} ──`);
        const again = await runFiles(running, [file], environment, 1);
        if (again.exitCode !== 0) continue;
        unsteady.push(file);
        tally = steadied(tally, failures);
      }
      return tally;
    },

    finish(tally) {
      for (const line of elsewhere) say(`*** Did NOT run ${line} ***`);
      if (tally.skipped.length > 0)
        say(`\n*** ${tally.skipped.length} tests did NOT run: ${tally.skipped.join("; ")} ***`);
      if (unsteady.length > 0) say(`\n*** ${unsteady.join(", ")} passed only when run again ***`);
      // A run that tests nothing, or that was interrupted, proves nothing.
      const failed = tally.failed + (asked || tally.passed + tally.failed === 0 ? 1 : 0);
      say(`\n${tally.passed} passed, ${failed} failed`);
      process.exit(failed === 0 ? 0 : 1);
    },
  };
}

async function runFiles(
  running: Set<Bun.Subprocess>,
  files: readonly string[],
  environment: Environment,
  atOnce: number,
): Promise<{ output: string; exitCode: number }> {
  // Each file in a process of its own: what one leaves behind must not reach the next.
  const options = [`--timeout=${perTestMs}`, atOnce > 1 ? `--parallel=${atOnce}` : "--isolate"];
  const started = Bun.spawn([process.execPath, "test", ...options, ...files.map((file) => `./${file}`)], {
    cwd: root,
    env: environment,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  running.add(started);
  const timer = setTimeout(() => started.kill("SIGKILL"), suiteMs);
  const outputs = [pass(started.stdout), pass(started.stderr)];
  const exitCode = await started.exited;
  running.delete(started);
  clearTimeout(timer);
  return { output: (await Promise.all(outputs)).join("\n"), exitCode };
}

async function pass(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let [text, shown] = ["", 0];
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    // Whole lines: two runs may be under way.
    const whole = text.lastIndexOf("\n") + 1;
    process.stdout.write(text.slice(shown, whole));
    shown = whole;
  }
  if (shown < text.length) say(text.slice(shown));
  return text;
}

/** The test files below these folders that match one of the words; all of them without words. */
export function filesOf(folders: readonly string[], words: readonly string[]): string[] {
  return folders
    .flatMap((folder) => [...new Bun.Glob(`${folder}/**/*.test.{ts,tsx}`).scanSync({ cwd: root })])
    .filter((file) => !file.includes("node_modules"))
    .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
    .sort();
}

/** The folder of a test names its kind; tests beside the code and others under `test/` need PostgreSQL at most. */
export const needsBrowser = (file: string): boolean => file.startsWith("services/e2e/test/browser/");
/** Tests of the product as a whole, through its addresses. */
export const isProduct = (file: string): boolean => file.startsWith("services/e2e/test/product/") || needsBrowser(file);
/** Tests of the product on Dapr, run by commands of their own. */
export const isOnDapr = (file: string): boolean => file.startsWith("services/e2e/test/dapr/");
/** Tests of single parts on the real Dapr and the real broker. */
export const needsStack = (file: string): boolean => file.includes("/test/stack/");
