import { afterAll, beforeAll, expect, test } from "bun:test";
import { crawl } from "../../src/crawl/crawl.ts";
import { crawlStrings } from "../../src/crawl/crawl-strings.ts";
import { mode } from "../../src/mode.ts";
import { type Product, startProduct } from "../../src/product.ts";

const requests = 2_500;
/** Each run tests other requests; a run that found a fault is repeated with its seed. */
const seed = Number(process.env.CRAWL_SEED ?? Math.floor(Math.random() * 2 ** 31));

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product.dispose());

const orphans = (): string[] =>
  product
    .output()
    .split("\n")
    .filter((line) => ofOrphans.test(line));

const ofOrphans = /a request left work behind|a failure nothing caught/;

test(`G32: a request of any shape, for any route of web and api, ends at most itself (CRAWL_SEED=${seed})`, async () => {
  const before = mode === "embedded" ? product.pid() : 0;
  const { faults, statuses, routes } = await crawl({ product, requests, seed });
  expect(faults).toEqual([]);
  expect(routes).toBeGreaterThan(80);
  expect(Object.values(statuses).reduce((sum, count) => sum + count, 0)).toBe(requests);
  expect(orphans()).toEqual([]);
  if (mode === "embedded") expect(product.pid()).toBe(before);
  for (const address of [product.web, product.api, product.realtime, product.audit])
    expect((await fetch(`${address}/health/ready`)).status).toBe(200);
}, 600_000);

test("G32: half a character or NUL in any string of any body is a client's mistake, for a form, a JSON body and a tool alike", async () => {
  const { faults, statuses, routes } = await crawlStrings(product);
  expect(faults).toEqual([]);
  expect(routes).toBeGreaterThan(50);
  expect(statuses["422"]).toBeGreaterThan(400);
  expect(orphans()).toEqual([]);
}, 300_000);
