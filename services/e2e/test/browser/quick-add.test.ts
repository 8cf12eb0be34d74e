import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchBrowser, row, signUpInBrowser, watchErrors } from "../../src/browser.ts";
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
  context = await browser.newContext({ baseURL: product.web, timezoneId: "Europe/Berlin", locale: "en-GB" });
  context.setDefaultTimeout(20_000);
  errors = watchErrors(context);
  page = await context.newPage();
});
afterEach(async () => {
  await context.close();
});

const line = () => page.getByLabel("New task");
const chips = () => page.locator(".understood-chip");
const chip = (text: string) => chips().filter({ hasText: text });

async function writing(text: string): Promise<void> {
  await line().fill("");
  await line().pressSequentially(text);
}

test("the rent sentence becomes the right task in one line from any page, without a page load", async () => {
  await signUpInBrowser(page, product.web, "renter");
  let loads = 0;
  page.on("request", (request) => {
    if (request.isNavigationRequest()) loads++;
  });
  for (const path of ["/today", "/all", "/settings", "/chat", "/month", "/trash"]) {
    await page.goto(path);
    loads = 0;
    await page.keyboard.press("n");
    await writing("pay rent every month on the 1st at 9 !high #home remind 1 day before");
    await chip("1 day before").waitFor();
    expect((await chips().allInnerTexts()).slice(1).map((text) => text.trim())).toEqual([
      "every month on the 1st",
      "High priority",
      "home",
      "1 day before",
    ]);
    await line().press("Enter");
    await page.getByText("Added “pay rent”").waitFor();
    expect([loads, await line().inputValue()]).toEqual([0, ""]);
  }
  await page.goto("/all");
  expect(await row(page, "pay rent").count()).toBe(6);
  expect(await row(page, "pay rent").first().textContent()).toMatch(/every month on the 1st[\s\S]*home[\s\S]*09:00/);
  expect(errors).toEqual([]);
});

test("a chip is removed by its cross, by Backspace on it, and by Backspace behind its words; quotes keep words too", async () => {
  await signUpInBrowser(page, product.web, "keeper");
  await page.goto("/all");
  await writing("call mum tomorrow at 6pm #home");
  await chip("home").waitFor();
  await chip("home").getByRole("button").click();
  await chip("home").waitFor({ state: "detached" });
  await chip("18:00").getByRole("button").press("Backspace");
  await chips().first().waitFor({ state: "detached" });
  expect(await line().inputValue()).toBe("call mum tomorrow at 6pm #home");
  await line().press("Enter");
  await row(page, "call mum tomorrow at 6pm #home").waitFor();

  await writing("read this friday");
  await chips().first().waitFor();
  await line().press("Backspace");
  await chips().first().waitFor({ state: "detached" });
  expect(await line().inputValue()).toBe("read this friday");
  await line().press("Backspace");
  expect(await line().inputValue()).toBe("read this frida");

  await writing('read "Tomorrow Never Dies" friday');
  await chips().first().waitFor();
  await line().press("Enter");
  await row(page, "read Tomorrow Never Dies").waitFor();
  expect(errors).toEqual([]);
});

test("another reading is one press away", async () => {
  await signUpInBrowser(page, product.web, "chooser");
  await page.goto("/all");
  await writing("bins every 2nd tuesday");
  await page.getByRole("button", { name: "Or every 2 weeks on Tuesday" }).click();
  await chip("every 2 weeks on Tuesday").waitFor();
  expect(await line().inputValue()).toBe("bins every other tuesday");
  await line().press("Enter");
  await row(page, "bins").waitFor();
  expect(errors).toEqual([]);
});

test("on a slow line nothing is lost: the field is cleared at once, a second line waits for the first", async () => {
  await signUpInBrowser(page, product.web, "patient");
  await page.goto("/all");
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route("**/tasks", async (route) => {
    await held;
    await route.continue();
  });
  await line().fill("first line");
  await line().press("Enter");
  expect(await line().inputValue()).toBe("");
  await line().fill("second line");
  await line().press("Enter");
  await line().fill("still typing");
  expect(await page.locator(".pending-row").count()).toBe(2);
  answer();
  await row(page, "first line").waitFor();
  await row(page, "second line").waitFor();
  await page.locator(".pending-row").first().waitFor({ state: "detached" });
  expect(await line().inputValue()).toBe("still typing");
  expect(errors).toEqual([]);
});

test("a lost line is kept in its row and saved once when it is tried again", async () => {
  await signUpInBrowser(page, product.web, "unlucky");
  await page.goto("/all");
  await page.route("**/tasks", (route) => route.abort(), { times: 1 });
  await line().fill("kept line");
  await line().press("Enter");
  await page.getByText("Not saved: no connection.").waitFor();
  await page.getByRole("button", { name: "Try again" }).click();
  await row(page, "kept line").waitFor();
  await page.locator(".pending-row").waitFor({ state: "detached" });
  expect(await row(page, "kept line").count()).toBe(1);

  await line().fill("tomorrow at 9");
  await line().press("Enter");
  await page.getByText("Enter what has to be done as well").waitFor();
  await page.getByRole("button", { name: "Edit" }).click();
  expect(await line().inputValue()).toBe("tomorrow at 9");
});

test("three pasted lines become three tasks where that is wished, each read as a line", async () => {
  await signUpInBrowser(page, product.web, "paster");
  await page.goto("/all");
  const paste = (text: string) =>
    line().evaluate((field, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", text);
      field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  await paste("one line");
  expect(await page.locator("#paste-offer").isHidden()).toBe(true);
  await paste("- buy rosin tomorrow\r\n\r\n* [ ] call Ines\n3) tune the bells #work");
  await page.getByRole("button", { name: "Add 3 tasks" }).click();
  for (const title of ["buy rosin", "call Ines", "tune the bells"]) await row(page, title).waitFor();
  expect(await row(page, "tune the bells").textContent()).toContain("work");
  expect(await page.locator("li[data-task]").count()).toBe(3);
});

test("without a script the line is parsed when it is sent", async () => {
  await signUpInBrowser(page, product.web, "plain");
  const cookies = await context.cookies();
  const plain = await browser.newContext({ baseURL: product.web, javaScriptEnabled: false, locale: "en-GB" });
  await plain.addCookies(cookies);
  const bare = await plain.newPage();
  await bare.goto("/all");
  await bare.getByLabel("New task").fill("water plants every 3 days after completion !low");
  await bare.getByRole("button", { name: "Add", exact: true }).click();
  await bare.getByText("every 3 days, counted from completion").waitFor();
  await bare.getByRole("button", { name: "Undo" }).click();
  await bare.locator("li[data-task]").waitFor({ state: "detached" });
  await plain.close();
});
