import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { dateText, usualFormats } from "@carillon/calendar/formats";
import { dayIn } from "@carillon/calendar/zone";
import { until } from "@carillon/testing/until";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchBrowser, row, watchErrors } from "../../src/browser.ts";
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
  context.setDefaultTimeout(10_000);
  errors = watchErrors(context);
  person = await signUp(product.api, "Ada");
  await context.addCookies([{ name: "carillon_session", value: person.token, url: product.web }]);
  page = await context.newPage();
});
afterEach(async () => {
  await context.close();
  expect(errors).toEqual([]);
});

const late = (title: string, days = 1) =>
  makeTask(product.api, person, { title, due_date: new Date(Date.now() - days * 86_400_000).toISOString() });
const titleOf = (title: string) => page.locator("a.task-title", { hasText: title });

test("to tomorrow by two keys, back by one, and the focus stays in the list", async () => {
  for (const title of ["First", "Second", "Third"]) await late(title);
  await page.goto("/today");
  await titleOf("Second").focus();
  let loads = 0;
  page.on("load", () => loads++);
  await page.keyboard.press("t");
  await page.keyboard.press("m");
  await row(page, "Second").waitFor({ state: "detached" });
  await page.getByText("“Second”: tomorrow").waitFor();
  expect(await page.locator("#group-overdue .group-count").textContent()).toContain("2");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Third");
  await page.keyboard.press("z");
  await row(page, "Second").waitFor();
  expect(loads).toBe(0);
});

test("keys work on a layout without Latin letters, by their place", async () => {
  await late("Чай");
  await page.goto("/today");
  await titleOf("Чай").focus();
  const press = (key: string, code: string) =>
    page.evaluate(
      (event) =>
        document.activeElement?.dispatchEvent(
          new KeyboardEvent("keydown", { ...event, bubbles: true, cancelable: true }),
        ),
      { key, code },
    );
  await press("т", "KeyN");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("new-title");
  await titleOf("Чай").focus();
  await press("е", "KeyT");
  await page.locator("#date-dialog[open]").waitFor();
  await press("ь", "KeyM");
  await row(page, "Чай").waitFor({ state: "detached" });
});

test("complete and back are one key each; the last act can be taken back after its message has gone", async () => {
  await late("Bread");
  await late("Butter");
  await page.goto("/today");
  await titleOf("Bread").focus();
  await page.keyboard.press("c");
  await row(page, "Bread").waitFor({ state: "detached" });
  await page.locator("[data-dismiss]").first().click();
  await page.keyboard.press("z");
  await row(page, "Bread").waitFor();
});

test("undo pressed while an act is under way takes back that act, and no older change", async () => {
  await late("Older");
  await late("Newer");
  await page.goto("/today");
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route("**/complete?**", async (route) => {
    await held;
    await route.continue();
  });
  await titleOf("Newer").focus();
  await page.keyboard.press("c");
  await page.keyboard.press("z");
  answer();
  await page.getByText("Reopened “Newer”.").waitFor();
  await row(page, "Newer").waitFor();
  expect(await row(page, "Older").count()).toBe(1);
});

test("a press on a title opens the details beside the list under their own address, and Back closes them", async () => {
  const id = await late("Beside");
  await page.goto("/today");
  await titleOf("Beside").click();
  await page.locator("#pane .edit-form").waitFor();
  expect(page.url()).toContain(`/tasks/${id}?back=%2Ftoday`);
  await page.getByLabel("Title").fill("Beside the list");
  await row(page, "Beside the list").waitFor();
  await page.goBack();
  await page.locator("#pane .edit-form").waitFor({ state: "detached" });
  expect(new URL(page.url()).pathname).toBe("/today");
});

test("the list is read once: the page carries its change number, and its own acts are not read again", async () => {
  for (const title of ["One", "Two", "Three"]) await late(title);
  const read: string[] = [];
  page.on("request", (request) => {
    if (request.isNavigationRequest() || /\/(today|row)(\?|$)/.test(request.url()))
      read.push(new URL(request.url()).pathname);
  });
  const opened = page.waitForResponse((response) => response.url().includes("/stream"));
  await page.goto("/today");
  await opened;
  await page.getByRole("button", { name: "Complete “Two”" }).click();
  await row(page, "Two").waitFor({ state: "detached" });
  const other = await makeTask(product.api, person, {
    title: "From elsewhere",
    due_date: new Date(Date.now() - 3_600_000).toISOString(),
  });
  await row(page, "From elsewhere").waitFor();
  expect(other).not.toBe("");
  expect(read.filter((path) => path === "/today").length).toBe(2);
});

test("seven windows of one browser stay live", async () => {
  await late("In all windows");
  const pages = await Promise.all(Array.from({ length: 7 }, () => context.newPage()));
  for (const one of pages) await one.goto("/today");
  await late("For all of us");
  await Promise.all(pages.map((one) => row(one, "For all of us").waitFor()));
});

test("chat by keys alone at 320 px: said, answered as it comes, taken back from its card", async () => {
  await page.setViewportSize({ width: 320, height: 700 });
  await page.goto("/chat");
  await page.locator("#chat-message").focus();
  await page.keyboard.type("Create a daily task: Team standup at 9 AM");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/chat\/[^/]+#end$/);
  await page.locator(".chat-card", { hasText: "Team standup" }).waitFor();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBe(0);
  await page.getByRole("button", { name: "Undo", exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("Taken back.").waitFor();
  await page.goto("/all");
  expect(await titleOf("Team standup").count()).toBe(0);
});

test("an answer under way is stopped, and what was said stays", async () => {
  await page.route("**/chat/stream", async () => {
    // Never answered: the page has only the user's word that it is enough.
  });
  await page.goto("/chat");
  await page.locator("#chat-message").fill("What is overdue?");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const stop = page.getByRole("button", { name: "Stop" });
  await stop.waitFor();
  await stop.press("Enter");
  await page.getByRole("button", { name: "Send" }).waitFor();
  expect(await stop.isVisible()).toBe(false);
});

test("in the month a task moves by dragging it to a day, and by t and a letter", async () => {
  const id = await makeTask(product.api, person, { title: "Carry me", due_date: "2030-05-14T09:00:00Z" });
  await page.goto("/month?m=2030-05");
  await row(page, "Carry me").dragTo(page.locator('[data-day="2030-05-23"]'));
  await page.locator('[data-day="2030-05-23"]', { hasText: "Carry me" }).waitFor();
  await page.getByText("“Carry me”: ").waitFor();
  await page.keyboard.press("z");
  await page.locator('[data-day="2030-05-14"]', { hasText: "Carry me" }).waitFor();
  await titleOf("Carry me").focus();
  await page.keyboard.press("t");
  await page.keyboard.press("x");
  await row(page, "Carry me").waitFor({ state: "detached" });
  expect(id).not.toBe("");
});

test("a newcomer looks at a sample week, and one undo removes it with its tags", async () => {
  await page.goto("/today");
  await page.getByRole("button", { name: "Show me a sample week" }).click();
  await page.getByText("Added 8 sample tasks.").waitFor();
  await page.locator("#group-overdue", { hasText: "Call the plumber" }).waitFor();
  await titleOf("Buy oat milk").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("Took back 8 tasks.").waitFor();
  for (const path of ["/all?status=any", "/tags"]) {
    await page.goto(path);
    expect(await page.locator("li[data-task], .tag-row").count()).toBe(0);
  }
});

test("a page left open turns a task late when its time comes, and is of the new day after midnight", async () => {
  await page.clock.install();
  await liveIn("Pacific/Pago_Pago");
  const soon = new Date(Date.now() + 3_000).toISOString();
  await makeTask(product.api, person, { title: "Any moment", due_date: soon });
  await page.goto("/today");
  await page.locator("#group-today", { hasText: "Any moment" }).waitFor();
  await until("its time has come", () => Date.now() > Date.parse(soon));
  // A minute passes on the page's clock.
  await page.clock.fastForward(60_000);
  await page.locator("#group-overdue", { hasText: "Any moment" }).waitFor();
  const day = page.locator("#head .list-head-note");
  const before = await day.textContent();
  // There it is tomorrow or later by now: what the server says after midnight, without waiting for one.
  const after = await liveIn("Pacific/Kiritimati");
  expect(before).not.toBe(after);
  expect(await day.textContent()).toBe(before);
  // The server names an hour at most, midnight included.
  await page.clock.fastForward(3_601_000);
  await day.filter({ hasText: after }).waitFor();
});

/** Moves the person there; answers which day it is, as the page writes it. */
async function liveIn(time_zone: string): Promise<string> {
  const headers = { authorization: `Bearer ${person.token}`, "content-type": "application/json" };
  const body = JSON.stringify({ time_zone });
  expect((await fetch(`${product.api}/api/auth/me`, { method: "PATCH", headers, body })).status).toBe(200);
  return dateText(dayIn(new Date(), time_zone), usualFormats, { names: "long", weekday: true });
}
