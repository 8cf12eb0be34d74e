/**
 * `npm run e2e:crawl -- [--requests 25000] [--seed N]`: asks every route of web and api as a signed-in user, with hostile ids, queries, bodies
 * and headers, and before that half a character and NUL in every string of every body. Ends with 1 when a request is answered with 5xx, without
 * protecting headers or not at all, or when it left work behind.
 */
import { parseArgs } from "node:util";
import { crawl } from "@carillon/e2e/crawl";
import { crawlStrings } from "@carillon/e2e/crawl-strings";
import { startProduct } from "@carillon/e2e/product";
import { say } from "./files.ts";

const { values } = parseArgs({ options: { requests: { type: "string" }, seed: { type: "string" } } });
const requests = Number(values.requests ?? 25_000);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));

const product = await startProduct();
const pid = product.pid();
try {
  say(`${requests} requests with --seed ${seed}`);
  const strings = await crawlStrings(product);
  say(`odd strings in the bodies of ${strings.routes} routes; ${JSON.stringify(strings.statuses)}`);
  const { faults, statuses, routes } = await crawl({
    product,
    requests,
    seed,
    onProgress: (done) => say(`  ${done} asked`),
  });
  const orphans = product
    .output()
    .split("\n")
    .filter((line) => /a request left work behind|a failure nothing caught/.test(line));
  const isAlive = product.pid() === pid && (await fetch(`${product.web}/health/ready`)).ok;
  faults.unshift(...strings.faults);
  for (const line of [...faults, ...orphans]) say(line);
  say(`${routes} routes; ${JSON.stringify(statuses)}`);
  say(`${faults.length} faults, ${orphans.length} orphans, the product ${isAlive ? "lives" : "is dead"}`);
  process.exitCode = faults.length === 0 && orphans.length === 0 && isAlive ? 0 : 1;
} finally {
  await product.dispose();
}
process.exit();
