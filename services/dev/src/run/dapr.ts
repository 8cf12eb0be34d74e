import { chromiumPath } from "@carillon/e2e/browser";
import { sharedFolder, startOwn } from "@carillon/e2e/dapr-product";
import { createRunner, filesOf, isOnDapr, isProduct, needsBrowser, say } from "./files.ts";
import { requireStack } from "./require-stack.ts";
import { add, nothing, type Tally } from "./tally.ts";

/**
 * `npm run e2e:dapr`: the product's tests on the real Dapr and Kafka of `STACK_DIR`. The product is started once for all files, each of which
 * looks at its own users only; at the end every guarantee must hold for all of them together. Arguments narrow it to the files whose
 * paths contain one of them. Where there is no stack it says so; that is a failure when `REQUIRE_STACK` is set.
 */
const elsewhere: Record<string, string> = {
  "product/faults.test.ts": "it ends the embedded product; `npm run e2e:faults` is for this mode",
  "dapr/faults.test.ts": "it has a command of its own, `npm run e2e:faults`",
  "oracles.test.ts": "it damages its product on purpose",
  "look.test.ts": "pages look the same in both modes",
};
/** Checks the whole product, after all other tests. */
const last = "whole.test.ts";

requireStack("The tests of the product on Dapr");
const runner = createRunner();
const words = process.argv.slice(2);
const found = filesOf(["services/e2e"], words).filter((file) => isProduct(file) || isOnDapr(file));
const reasonOf = (file: string): string | undefined =>
  Object.entries(elsewhere).find(([name]) => file.endsWith(name))?.[1];
const files = found.filter((file) => reasonOf(file) === undefined);
for (const file of found) if (reasonOf(file)) say(`*** ${file} does NOT run here: ${reasonOf(file)}. ***`);

async function runAll(): Promise<Tally> {
  const startedAt = performance.now();
  const product = await startOwn({});
  say(`The product is up on Dapr after ${((performance.now() - startedAt) / 1_000).toFixed(0)} s.`);
  const environment = {
    ...process.env,
    CARILLON_MODE: "dapr",
    [sharedFolder]: product.dataDir,
  };
  try {
    const http = files.filter((file) => !needsBrowser(file) && !file.endsWith(last));
    const browser = files.filter(needsBrowser);
    let tally = await runner.run("The product on Dapr, through HTTP", http, environment);
    if (chromiumPath) tally = add(tally, await runner.run("The product on Dapr, in a browser", browser, environment));
    else if (browser.length > 0) say(`\n*** The browser tests did NOT run: there is no Chromium; set CHROMIUM. ***`);
    return add(
      tally,
      await runner.run(
        "What all of it left behind",
        files.filter((file) => file.endsWith(last)),
        environment,
      ),
    );
  } finally {
    const code = await product.terminate();
    say(`The product ended with ${code} when asked.`);
    await product.dispose();
  }
}

const tally = await runAll().catch((error: unknown) => {
  say(`The product on Dapr could not be tested: ${error instanceof Error ? error.message : String(error)}`);
  return { ...nothing, failed: 1 };
});
runner.finish(tally);
