import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromiumPath } from "@carillon/e2e/browser";
import { startEmbeddedPostgres } from "@carillon/host/postgres";
import {
  createRunner,
  type Environment,
  filesOf,
  isOnDapr,
  isProduct,
  needsBrowser,
  needsStack,
  say,
} from "./files.ts";
import { add, nothing, type Tally } from "./tally.ts";

/**
 * Every test of the repository that runs on this machine alone, in the order in which a failure says most: unit and integration, the product
 * through HTTP, the product in a browser. With `STACK_DIR`, our parts on the real Dapr and Kafka too; the product on Dapr is
 * `npm run e2e:dapr`. Arguments narrow it to the files whose paths contain one of them. Ends with "N passed, N failed".
 */
const runner = createRunner();
const words = process.argv.slice(2);
const files = filesOf(["services", "web", "observability", "kustomize", "gitops", "argocd"], words).filter(
  (file) => !isOnDapr(file),
);

async function runAll(): Promise<Tally> {
  const home = mkdtempSync(join(tmpdir(), "carillon-tests-"));
  const given = process.env.TEST_DATABASE_URL;
  const cluster = given
    ? null
    : await startEmbeddedPostgres({ folder: join(home, "cluster"), password: crypto.randomUUID(), durable: false });
  const environment = { ...process.env, TEST_DATABASE_URL: given ?? cluster?.urlOf("postgres") };
  try {
    const inside = files.filter((file) => !isProduct(file) && !needsStack(file));
    const alone = await runner.run("Unit and integration tests", inside, environment, 2);
    // Both wait more than they compute.
    const [onStack, throughHttp] = await Promise.all([runStackTests(environment), runProductTests(environment)]);
    return [onStack, throughHttp, await runBrowserTests(environment)].reduce(add, alone);
  } finally {
    await cluster?.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

/** In sequence: each starts a broker or a scheduler of its own. */
async function runStackTests(environment: Environment): Promise<Tally> {
  const ofStack = files.filter(needsStack);
  if (process.env.STACK_DIR) return runner.run("On the real Dapr and Kafka", ofStack, environment);
  if (ofStack.length > 0) {
    const why = "STACK_DIR names no folder with bin/daprd and kafka/libs";
    say(`\n*** The tests on the real Dapr and Kafka did NOT run (${ofStack.join(", ")}): ${why}. ***`);
  }
  return nothing;
}

/** Each file starts a product of its own, as `npm start` does: in sequence, because they are heavy. */
async function runProductTests(environment: Environment): Promise<Tally> {
  return runner.run(
    "The product through HTTP",
    files.filter((file) => isProduct(file) && !needsBrowser(file)),
    environment,
  );
}

async function runBrowserTests(environment: Environment): Promise<Tally> {
  const browser = files.filter(needsBrowser);
  if (chromiumPath) return runner.run("The product in a browser", browser, environment);
  if (browser.length > 0) {
    say(
      `\n*** The browser tests did NOT run (${browser.join(", ")}): there is no Chromium; install one or set CHROMIUM. ***`,
    );
  }
  return nothing;
}

const tally = await runAll().catch((error: unknown) => {
  say(`The tests could not run: ${error instanceof Error ? error.message : String(error)}`);
  return { ...nothing, failed: 1 };
});
if (files.length === 0) say(`No test file matches ${words.join(", ")}.`);
runner.finish(tally);
