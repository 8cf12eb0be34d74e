import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchBrowser, watchErrors } from "../../src/browser.ts";
import { makeTask, type Person, signUp } from "../../src/looks/people.ts";
import { type Product, startProduct } from "../../src/product.ts";

let product: Product;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let errors: string[];
let person: Person;

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await product.dispose();
});
beforeEach(async () => {
  context = await browser.newContext({ baseURL: product.web, viewport: { width: 1_440, height: 900 } });
  context.setDefaultTimeout(20_000);
  errors = watchErrors(context);
  person = await signUp(product.api, "Ada");
  await context.addCookies([{ name: "carillon_session", value: person.token, url: product.web }]);
  page = await context.newPage();
});
afterEach(async () => {
  await context.close();
  expect(errors).toEqual([]);
});

const inSeconds = (seconds: number) => [{ at: new Date(Date.now() + seconds * 1_000).toISOString() }];

test("a bell that rings shows in every open window, marks its title, and a snooze there rings it once more", async () => {
  const other = await context.newPage();
  await page.goto("/upcoming");
  await other.goto("/today");
  await makeTask(product.api, person, { title: "Tea <b>is</b> ready", reminders: inSeconds(2) });
  await Promise.all([page, other].map((one) => one.locator(".bell-card").waitFor()));
  expect(await page.title()).toStartWith("(1) ");
  expect(await page.locator(".bell-title").textContent()).toBe("Tea <b>is</b> ready");
  await page.getByRole("button", { name: "Ring again in 10 min" }).click();
  await page.getByText("Snoozed. It rings").waitFor();
  await other.locator(".bell-card").waitFor({ state: "detached" });
  expect(await page.title()).not.toStartWith("(1) ");
});

test("Done on a bell completes its task", async () => {
  await page.goto("/inbox");
  await makeTask(product.api, person, { title: "Feed the cat", reminders: inSeconds(2) });
  await page.locator(".bell-card").getByRole("button", { name: "Done" }).click();
  await page.getByText("Completed “Feed the cat”").waitFor();
});

test("one field finds commands, places, tags and tasks, done ones under their own head, and acts by Enter", async () => {
  await makeTask(product.api, person, { title: "Water the ferns", tags: ["garden"] });
  const done = await makeTask(product.api, person, { title: "Water the roses" });
  await fetch(`${product.api}/api/tasks/${done}/complete`, {
    method: "PATCH",
    headers: { authorization: `Bearer ${person.token}` },
  });
  await page.goto("/inbox");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("water");
  await page.locator(".option", { hasText: "Water the ferns" }).waitFor();
  expect(await page.locator(".option mark").allTextContents()).toEqual(["Water", "Water"]);
  expect(await page.locator(".option-head").textContent()).toBe("Done");
  await page.getByRole("combobox").fill("gard");
  await page.locator(".option", { hasText: "garden" }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/all?tag=garden");
  await page.locator("a.task-title").first().focus();
  await page.keyboard.press("/");
  await page.keyboard.type("urgent");
  await page.keyboard.press("Enter");
  await page.locator(".task-urgent").waitFor();
});

test("a page left open turns a task late by itself, and takes it over when it becomes due", async () => {
  const due = new Date(Date.now() + 4_000).toISOString();
  await makeTask(product.api, person, { title: "Soon", due_date: due });
  await page.goto("/today");
  await page.locator("#group-today a.task-title", { hasText: "Soon" }).waitFor();
  await page.locator("#group-overdue a.task-title", { hasText: "Soon" }).waitFor();
});

test("in forced colours what is chosen has another ground than what is not", async () => {
  for (const title of ["One", "Two"]) await makeTask(product.api, person, { title });
  await page.emulateMedia({ forcedColors: "active" });
  await page.goto("/inbox");
  await page.locator("a.task-title").first().focus();
  await page.keyboard.press("x");
  const grounds = (selector: string) =>
    page.locator(selector).evaluateAll((all) => all.map((one) => getComputedStyle(one).backgroundColor));
  const [chosen, other] = await grounds("#list li[data-task]");
  expect(chosen).not.toBe(other);
  const [current] = await grounds(".sidebar .nav-link[aria-current]");
  expect(await grounds(".sidebar .nav-link:not([aria-current])")).not.toContain(current);
});
