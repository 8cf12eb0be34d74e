import type { Browser, CDPSession, Page } from "playwright-core";
import { row } from "../browser.ts";
import type { Product } from "../product.ts";
import { atMost, type Figure, openAs } from "./figure.ts";
import { makeTask, type Person, signUp } from "./people.ts";

const taskCount = 1_000;

/** A thousand open tasks: a hundred and twenty late, some fifty today, the others ahead or without a date. */
async function fillHouse(product: Product, person: Person): Promise<void> {
  const day = 86_400_000;
  const dueOf = (index: number): string | null => {
    if (index < 120) return new Date(Date.now() - day - index * 3_600_000).toISOString();
    if (index < 170) return new Date(Date.now() + 60_000 + index).toISOString();
    return index % 3 === 0 ? null : new Date(Date.now() + day * (2 + (index % 60))).toISOString();
  };
  for (let from = 0; from < taskCount; from += 20)
    await Promise.all(
      Array.from({ length: 20 }, (_, step) => {
        const index = from + step;
        return makeTask(product.api, person, {
          title: `Something to do number ${index} of the house`,
          due_date: dueOf(index),
          tags: [["home"], ["work", "desk"], []][index % 3] ?? [],
          priority: (["low", "medium", "high", "urgent"] as const)[index % 4],
        });
      }),
    );
}

/** What crosses the line, and when it is seen. */
export async function measureWeight(browser: Browser, product: Product): Promise<Figure[]> {
  const person = await signUp(product.api, "House");
  await fillHouse(product, person);
  const page = await openAs(browser, product, person);
  const line = await page.context().newCDPSession(page);
  await line.send("Network.enable");
  await line.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  const bytes = countBytes(line);
  let lists = 0;
  page.on("request", (request) => {
    if (new URL(request.url()).pathname === "/today") lists++;
  });
  await page.goto("/today", { waitUntil: "networkidle" }).catch(() => {});
  const visit = bytes.taken();
  const { lcp, cls } = await paintOf(page);
  const figures = [
    atMost("first visit of Today with 1 000 tasks, kB", kilo(visit), 60),
    atMost("the list is read, times", lists, 1),
    atMost("largest paint, CPU slowed 4 ×, ms", Math.round(lcp), 1_000),
    atMost("layout shift", Math.round(cls * 1_000) / 1_000, 0.02),
    atMost("overdue said, off by", Math.abs(120 - Number(await count(page))), 0),
  ];
  await line.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  bytes.begin();
  const title = (await page.locator("#group-today a.task-title").first().textContent()) ?? "";
  await page.getByRole("button", { name: `Complete “${title}”` }).click();
  await row(page, title).waitFor({ state: "detached" });
  await page.getByText("Completed “").waitFor();
  await page.waitForTimeout(500);
  figures.push(atMost("completing a task, kB", kilo(bytes.taken()), 8));
  bytes.begin();
  await page.getByLabel("New task").fill("One more today");
  await page.keyboard.press("Enter");
  await page.getByText("Added “One more”").waitFor();
  await page.waitForTimeout(500);
  figures.push(atMost("adding a task, kB", kilo(bytes.taken()), 8));
  await page.context().close();
  return figures;
}

const kilo = (bytes: number): number => Math.round(bytes / 100) / 10;

const count = (page: Page) =>
  page.locator("#group-overdue .group-count").evaluate((element) => element.lastChild?.textContent ?? "");

function countBytes(line: CDPSession) {
  let sum = 0;
  line.on("Network.dataReceived", ({ encodedDataLength }) => {
    sum += encodedDataLength;
  });
  line.on("Network.responseReceived", ({ response }) => {
    sum += response.encodedDataLength;
  });
  return {
    begin: () => {
      sum = 0;
    },
    taken: () => sum,
  };
}

const paintOf = (page: Page): Promise<{ lcp: number; cls: number }> =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        let [lcp, cls] = [0, 0];
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) lcp = entry.startTime;
        }).observe({ type: "largest-contentful-paint", buffered: true });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) cls += entry.value;
        }).observe({ type: "layout-shift", buffered: true });
        setTimeout(() => resolve({ lcp, cls }), 500);
      }),
  );
