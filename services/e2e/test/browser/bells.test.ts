import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { until } from "@carillon/testing/until";
import type { Browser, BrowserContext, Page, Worker } from "playwright-core";
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

/** The worker's own names, which this file's types do not have. */
type WorkerScope = {
  registration: ServiceWorkerRegistration;
  dispatchEvent(event: Event): boolean;
  NotificationEvent: new (type: string, given: { notification: Notification; action: string }) => Event;
};

const shownIn = (worker: Worker) =>
  worker.evaluate(async () => {
    const shown = await (globalThis as unknown as WorkerScope).registration.getNotifications();
    return shown.map(({ title, body, actions }: Notification & { actions?: { title: string }[] }) => ({
      title,
      body,
      actions: actions?.map((one) => one.title),
    }));
  });

/** No protocol presses a notification's button: the worker gets the event that the browser would send. */
async function pressDone(): Promise<void> {
  const scope = globalThis as unknown as WorkerScope;
  const [notification] = await scope.registration.getNotifications();
  if (!notification) throw new Error("nothing is shown");
  const event = new scope.NotificationEvent("notificationclick", { notification, action: "done" });
  // Only the browser's own events may be waited for.
  Object.defineProperty(event, "waitUntil", { value: () => {} });
  scope.dispatchEvent(event);
}

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

test("a push shows its reminder, and Done in it completes the task", async () => {
  await context.grantPermissions(["notifications"], { origin: product.web });
  const task = await makeTask(product.api, person, { title: "Post the letter" });
  await page.goto("/settings/channels");
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent("serviceworker"));
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  const cdp = await context.newCDPSession(page);
  const registered = Promise.withResolvers<string>();
  cdp.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
    for (const { registrationId } of registrations) registered.resolve(registrationId);
  });
  await cdp.send("ServiceWorker.enable");
  const push = { title: "Post the letter", text: "Due now.", tag: "one", task };
  const data = JSON.stringify(push);
  const registrationId = await registered.promise;
  await cdp.send("ServiceWorker.deliverPushMessage", { origin: product.web, registrationId, data });
  await until("it is shown", async () => (await shownIn(worker)).length === 1);
  expect(await shownIn(worker)).toEqual([{ title: "Post the letter", body: "Due now.", actions: ["Done"] }]);
  await worker.evaluate(pressDone);
  await until("the task is done", async () => {
    const answer = await fetch(`${product.api}/api/tasks/${task}`, {
      headers: { authorization: `Bearer ${person.token}` },
    });
    return ((await answer.json()) as { completed: boolean }).completed;
  });
  expect(await shownIn(worker)).toEqual([]);
});
