import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "@carillon/testing/until";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { addTask, launchBrowser, row, signUpInBrowser, watchErrors } from "../../src/browser.ts";
import { type Product, startProduct } from "../../src/product.ts";

let product: Product;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let errors: string[];

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await product.dispose();
});
beforeEach(async () => {
  context = await browser.newContext({ baseURL: product.web, timezoneId: "Europe/Berlin" });
  context.setDefaultTimeout(10_000);
  errors = watchErrors(context);
  page = await context.newPage();
});
afterEach(async () => {
  await context.close();
  expect(errors).toEqual([]);
});

const choose = (name: string, value: string) => page.locator(`[name=${name}][value="${value}"]`).check({ force: true });

test("a standup that repeats daily: its dates show while the user types, completing shows the next one, undo reverts it", async () => {
  await signUpInBrowser(page, product.web, "standup");
  await page.getByLabel("New task").fill("Team standup");
  await page.locator(".quick-summary").click();
  await page.locator("#new-time").fill("09:00");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await row(page, "Team standup").getByRole("link", { name: "Team standup", exact: true }).click();
  await choose("repeat", "rule");
  await page.locator("[name=recurring_pattern]").fill("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30");
  await page.locator("#rule-wrong", { hasText: "no further date" }).waitFor();
  await choose("repeat", "daily");
  await page.locator("#next-dates", { hasText: "Repeats every day." }).waitFor();
  expect(await page.locator(".next-list time").count()).toBe(5);
  await row(page, "Team standup").getByText("repeats every day").waitFor({ state: "attached" });

  await page.goto("/today");
  await page.getByRole("button", { name: "Complete “Team standup”" }).click();
  await page.getByText("Done. Next: tomorrow, 09:00.").waitFor();
  await page.goto("/upcoming");
  await row(page, "Team standup").waitFor();
  await page.goto("/done");
  await page.getByRole("button", { name: "Reopen “Team standup”" }).click();
  await row(page, "Team standup").waitFor({ state: "detached" });
  await page.goto("/upcoming");
  expect(await row(page, "Team standup").count()).toBe(0);
});

test("reminders are added and removed beside a form that keeps what one types", async () => {
  await signUpInBrowser(page, product.web, "reminded");
  await page.goto("/upcoming");
  await addTask(page, "Call the founder");
  await row(page, "Call the founder").getByRole("link", { name: "Call the founder", exact: true }).click();
  await page.locator("#pane").getByLabel("Title").fill("Call the bell founder");
  const panel = page.locator("#reminders");
  await panel.getByRole("button", { name: "15 min" }).first().click();
  await panel.getByText("will ring").waitFor();
  await panel.getByRole("button", { name: "1 hour" }).first().click();
  await panel.getByText("1 hour before").waitFor();
  await panel.getByRole("button", { name: "Remove the reminder “15 minutes before”" }).click();
  await panel.getByText("15 minutes before").waitFor({ state: "detached" });
  expect(await page.locator("[data-changed-elsewhere]").isHidden()).toBe(true);
  await row(page, "Call the bell founder").waitFor();
  await page.getByRole("link", { name: "Reminders" }).first().click();
  await page.locator(".notification", { hasText: "1 hour before" }).waitFor();
});

test("a reminder that rang shows on the open page, and its mail’s one-click link stops the mails", async () => {
  const email = await signUpInBrowser(page, product.web, "rung");
  const token = (await context.cookies()).find(({ name }) => name === "carillon_session")?.value;
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const due_date = new Date(Date.now() + 3_000).toISOString();
  const body = JSON.stringify({ title: "Ring now", due_date, reminders: [{ before: "0m" }] });
  const made = await fetch(`${product.api}/api/tasks`, { method: "POST", headers, body });
  const { id } = (await made.json()) as { id: string };
  await page.goto(`/tasks/${id}`);
  await page.locator("#reminders", { hasText: "rang today" }).waitFor();

  const folder = join(product.dataDir, "mail");
  const mailOf = () =>
    (existsSync(folder) ? readdirSync(folder) : [])
      .map((file) => readFileSync(join(folder, file), "utf8"))
      .find((text) => text.includes(email));
  await until("the mail is there", () => Promise.resolve(mailOf() !== undefined), 5_000);
  const link = /List-Unsubscribe:\s*<([^>]+)>/i.exec((mailOf() ?? "").replace(/\r?\n[ \t]+/g, " "))?.[1] ?? "";
  const answer = await fetch(product.web + new URL(link.replaceAll(" ", "")).pathname, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "List-Unsubscribe=One-Click",
  });
  expect(answer.status).toBe(200);
  await page.goto("/settings");
  expect(await page.getByLabel("Send reminders by e-mail").isChecked()).toBe(false);
});
