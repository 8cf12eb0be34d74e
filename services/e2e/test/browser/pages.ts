import { afterAll, afterEach, beforeAll, beforeEach, expect } from "bun:test";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { launchBrowser, watchErrors } from "../../src/browser.ts";
import { type Product, startProduct } from "../../src/product.ts";

export type Opened = { product: Product; browser: Browser; context: BrowserContext; page: Page; errors: string[] };

type Options = {
  /** What every context begins with; `maxMs` is how long it waits for anything. */
  context: BrowserContextOptions & { maxMs: number };
  /** Whether an error in a page fails its test; by default it does. */
  mayFail?: true;
};

/** A product and a browser for the tests of a file; `each` gets a fresh context with one page before every test. */
export function openPages(
  { context: { maxMs, ...settings }, mayFail }: Options,
  each: (opened: Opened) => unknown,
): void {
  let product: Product;
  let browser: Browser;
  let context: BrowserContext;
  let errors: string[];
  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await product.dispose();
  });
  beforeEach(async () => {
    context = await browser.newContext({ baseURL: product.web, ...settings });
    context.setDefaultTimeout(maxMs);
    errors = watchErrors(context);
    await each({ product, browser, context, errors, page: await context.newPage() });
  });
  afterEach(async () => {
    await context.close();
    if (!mayFail) expect(errors).toEqual([]);
  });
}
