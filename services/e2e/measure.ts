/**
 * Counts what the pages cost a hand and a line, in Chromium, and prints it beside its bar: `npm run measure`. Keys, page loads, bytes and
 * places are exact; milliseconds are those of this machine with the CPU slowed four times. Ends with 1 when a bar that counts is missed.
 */
import { launchBrowser } from "./src/browser.ts";
import { measureActs } from "./src/looks/measure-acts.ts";
import { measurePlaces } from "./src/looks/measure-places.ts";
import { measureWeight } from "./src/looks/measure-weight.ts";
import { startProduct } from "./src/product.ts";

const product = await startProduct();
const browser = await launchBrowser();
try {
  const figures = [
    ...(await measureActs(browser, product)),
    ...(await measurePlaces(browser, product)),
    ...(await measureWeight(browser, product)),
  ];
  const width = Math.max(...figures.map(({ what }) => what.length));
  for (const { what, value, bar, isKept } of figures)
    process.stdout.write(`${isKept ? "ok  " : "MISS"} ${what.padEnd(width)}  ${String(value).padStart(8)}   ${bar}\n`);
  process.exitCode = figures.every(({ isKept }) => isKept) ? 0 : 1;
} finally {
  await browser.close();
  await product.dispose();
}
