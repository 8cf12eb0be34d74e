import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { until } from "@carillon/testing/until";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchBrowser, row } from "../../src/browser.ts";
import { makeTask, type Person, signUp } from "../../src/looks/people.ts";
import { type Product, startProduct } from "../../src/product.ts";

const latencyMs = 1_500;

let product: Product;
let browser: Browser;
let context: BrowserContext;
let page: Page;
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
  context.setDefaultTimeout(15_000);
  person = await signUp(product.api, "Ada");
  await enter();
  page = await context.newPage();
});
afterEach(() => context.close());

const enter = () => context.addCookies([{ name: "carillon_session", value: person.token, url: product.web }]);
const line = () => page.getByLabel("New task");
const details = () => page.locator("#pane");

type Saved = { title: string; description: string; priority: string };
async function taskOf(id: string): Promise<Saved> {
  const headers = { authorization: `Bearer ${person.token}` };
  return (await (await fetch(`${product.api}/api/tasks/${id}`, { headers })).json()) as Saved;
}
const becomes = (id: string, fields: Partial<Saved>) =>
  until(`the task has ${JSON.stringify(fields)}`, async () => {
    const task = await taskOf(id);
    return Object.entries(fields).every(([name, value]) => task[name as keyof Saved] === value);
  });
async function openTask(title: string, where: Page = page): Promise<void> {
  await where.goto("/inbox");
  await where.getByRole("link", { name: title, exact: true }).click();
  await where.locator("#pane .edit-form").waitFor();
}

test("with 1.5 s latency: what is written while lines and fields are under way is neither glued nor wiped", async () => {
  const id = await makeTask(product.api, person, { title: "Slow" });
  await openTask("Slow");
  await context.route("**/*", async (route) => {
    await Bun.sleep(latencyMs);
    await route.continue();
  });
  await details().getByLabel("Description").pressSequentially("typed while ");
  await details().getByText("Saving…").waitFor();
  await details().getByLabel("Description").pressSequentially("it was saved");
  await becomes(id, { description: "typed while it was saved" });
  expect(await details().getByLabel("Description").inputValue()).toBe("typed while it was saved");
  await line().fill("apples");
  await line().press("Enter");
  await line().pressSequentially("pears");
  await page.locator(".progress-on").waitFor({ state: "attached" });
  await line().press("Enter");
  await line().pressSequentially("plums");
  await row(page, "pears").waitFor();
  expect([await row(page, "apples").count(), await line().inputValue()]).toEqual([1, "plums"]);
});

test("offline: lines, acts and fields wait, outlive a closed window, and are done once when the connection is back", async () => {
  const id = await makeTask(product.api, person, { title: "Write", priority: "low" });
  await makeTask(product.api, person, { title: "Finish" });
  await openTask("Write");
  await context.setOffline(true);
  await page.locator(".offline-bar").waitFor();
  await details().getByLabel("Description").fill("in the tunnel");
  await details().getByText("Not saved: no connection").waitFor();
  await page.getByRole("button", { name: "Complete “Finish”" }).click();
  await page.locator(".task-waiting", { hasText: "Finish" }).waitFor();
  await line().fill("Buy rosin tomorrow");
  await line().press("Enter");
  await page.getByText("Not saved: no connection.", { exact: true }).waitFor();
  const waits = await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("carillon-outbox")));
  expect(waits).toHaveLength(1);
  await context.setOffline(false);
  await becomes(id, { description: "in the tunnel" });
  await row(page, "Finish").waitFor({ state: "detached" });
  await page.locator(".pending-row").waitFor({ state: "detached" });
  await page.goto("/upcoming");
  expect(await row(page, "Buy rosin").count()).toBe(1);
  expect(await page.evaluate(() => Object.keys(localStorage).some((key) => key.startsWith("carillon-outbox")))).toBe(
    false,
  );

  // A window that is closed with something unsent: the next one sends it.
  await context.route("**/tasks", (route) => route.abort());
  await line().fill("Outlive the window");
  await line().press("Enter");
  await page.getByText("Not saved: no connection.", { exact: true }).waitFor();
  await page.close();
  await context.unroute("**/tasks");
  page = await context.newPage();
  await page.goto("/upcoming");
  await row(page, "Outlive the window").waitFor();
  await page.reload();
  expect(await row(page, "Outlive the window").count()).toBe(1);
});

test("an expired session: nothing navigates, what is typed stays, and is saved once one has signed in again", async () => {
  const id = await makeTask(product.api, person, { title: "Outlast" });
  await openTask("Outlast");
  await context.clearCookies();
  await line().fill("Kept line");
  await line().press("Enter");
  await page.getByText("Not saved: your session has ended.").waitFor();
  await details().getByLabel("Description").fill("kept field");
  await details().getByText("Not saved: sign in again.").waitFor();
  await details().getByLabel("Tags").pressSequentially("kep");
  await page.getByRole("link", { name: "Sign in" }).waitFor();
  expect(new URL(page.url()).pathname).toStartWith("/tasks/");
  await enter();
  await page.evaluate(() => dispatchEvent(new Event("focus")));
  await becomes(id, { description: "kept field" });
  await row(page, "Kept line").waitFor();
});

test("Back, links and acts take along what was typed a moment before", async () => {
  const id = await makeTask(product.api, person, { title: "Leave" });
  await openTask("Leave");
  await details().getByLabel("Description").pressSequentially("typed, then Back");
  await page.goBack();
  await becomes(id, { description: "typed, then Back" });
  await page.goto(`/tasks/${id}?back=/inbox`);
  await page.getByLabel("Title").fill("Left by a link");
  await page.getByRole("link", { name: "Back to the list" }).click();
  await row(page, "Left by a link").waitFor();
  await page.goto(`/tasks/${id}?back=/inbox`);
  await page.getByText("Write the description").click();
  await page.getByLabel("Description").fill("typed, then completed");
  await page.getByRole("button", { name: "Complete", exact: true }).click();
  await page.getByText("Completed “").waitFor();
  await becomes(id, { description: "typed, then completed" });
  await page.goto("/inbox");
  await line().fill("half a line");
  await page.goto("/upcoming");
  await page.goBack();
  expect(await line().inputValue()).toBe("half a line");
});

test("two windows: different fields are both saved, the same field is decided at its line", async () => {
  const id = await makeTask(product.api, person, { title: "Shared", priority: "medium" });
  const other = await context.newPage();
  await openTask("Shared");
  await openTask("Shared", other);
  await details().getByLabel("Title").fill("Mine");
  await becomes(id, { title: "Mine" });
  await other.locator("#pane").getByLabel("Priority").selectOption("high");
  await becomes(id, { title: "Mine", priority: "high" });
  await until(
    "the other window shows the title",
    async () => (await other.locator("#pane").getByLabel("Title").inputValue()) === "Mine",
  );

  await context.setOffline(true);
  await details().getByLabel("Description").fill("from here");
  await other.locator("#pane").getByLabel("Description").fill("from there");
  await details().getByText("Not saved: no connection").waitFor();
  await other.locator("#pane").getByText("Not saved: no connection").waitFor();
  await context.setOffline(false);
  const deciding = () => Promise.all([page, other].map((one) => one.locator(".conflict").count()));
  await until("one of them has to decide", async () => (await deciding()).includes(1));
  const [behind, text] = (await deciding())[0] === 1 ? [page, "from here"] : [other, "from there"];
  expect(await behind.locator("#pane").getByLabel("Description").inputValue()).toBe(text);
  await behind.getByRole("button", { name: "Keep mine" }).click();
  await becomes(id, { description: text, title: "Mine", priority: "high" });
  await behind.locator(".conflict").waitFor({ state: "detached" });
});

test("a second press, of Add or in a form, does nothing twice", async () => {
  await page.goto("/inbox");
  await line().fill("Only once");
  await page.getByRole("button", { name: "Add", exact: true }).dblclick();
  await row(page, "Only once").waitFor();
  await page.getByRole("button", { name: "Complete “Only once”" }).dblclick();
  await row(page, "Only once").waitFor({ state: "detached" });
  await page.goto("/done");
  expect(await row(page, "Only once").count()).toBe(1);
});

test("a list read before opens without a connection and says of when it is; any other page says that there is none", async () => {
  await makeTask(product.api, person, { title: "Read in the tunnel" });
  await page.goto("/inbox");
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await page.reload();
  await until("the list is kept", () =>
    page.evaluate(async () => (await (await caches.open("carillon-lists")).match("/inbox")) !== undefined),
  );
  await product.kill();
  await page.goto("/inbox");
  await row(page, "Read in the tunnel").waitFor();
  await page.getByText("This page is of").waitFor();
  await line().fill("Added in the tunnel");
  await line().press("Enter");
  await page.getByText("Not saved: no connection.", { exact: true }).waitFor();
  await page.goto("/insights");
  await page.getByRole("heading", { name: "No connection" }).waitFor();
  await page.getByRole("link", { name: "Inbox" }).click();
  await row(page, "Read in the tunnel").waitFor();
  await product.restart();
  await page.goto("/inbox");
  await row(page, "Added in the tunnel").waitFor();
  await page.goto("/settings");
  await page.getByRole("button", { name: "Sign out" }).first().click();
  await page.waitForURL("**/sign-in*");
  await until("nothing of it is kept", () =>
    page.evaluate(async () => (await (await caches.open("carillon-lists")).match("/inbox")) === undefined),
  );
});
