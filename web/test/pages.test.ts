import { beforeAll, expect, test } from "bun:test";
import { type Answer, type Browser, createWeb } from "./browser.ts";
import { undirected } from "./direction.ts";
import { decode, wordsOf } from "./html.ts";

/** Everything a page could mistake for markup, in every place a user can write. */
const hostile = `"><script>alert(1)</script>'<img src=x onerror=alert(2)>&lt;b&gt;</textarea></title>{{7*7}}`;

const lists = ["/inbox", "/today", "/upcoming", "/done", "/month", "/insights", "/more"];

const pages: [string, Answer][] = [];
/** What a script asks for, to be put into a page. */
const parts: [string, Answer][] = [];

beforeAll(async () => {
  const { api, newBrowser, setNow } = createWeb();
  const browser = newBrowser();
  const { today, late, gone } = await seed(browser, () => api.accounts.get("ada@example.com")?.tasks.keys());
  await visitAnswersOfForms(browser, today, late, gone);
  await visitPages(browser, today, gone);
  await visitParts(browser, today);
  setNow("2026-11-21T13:00:01Z");
  await visitAsStranger(newBrowser());
  api.away = true;
  pages.push(["api away", await browser.get("/today")]);
  pages.push([
    "api away on a form",
    await browser.post(`/tasks?${hostileQuery}`, { title: hostile, [hostile]: hostile }),
  ]);
});

const hostileQuery = new URLSearchParams({
  search: hostile,
  tag: hostile,
  sort: hostile,
  status: "any",
  cursor: "at-0",
});

/** An account whose every text is hostile. Returns three of its tasks. */
async function seed(browser: Browser, taskIds: () => Iterable<string> | undefined) {
  await browser.signUp("ada@example.com", { name: hostile });
  await browser.submit(await browser.get("/tags"), "/tags", { name: hostile, color: "#123456" });
  const add = (title: string, more: Record<string, string>) =>
    browser.post("/tasks", { title, back: "/today", key: title, ...more });
  await add(`Today ${hostile}`, { date: "2026-11-21", tags: "plain", priority: "urgent" });
  await add(`Late ${hostile}`, { date: "2026-11-20", time: "09:00" });
  await add(`Later ${hostile}`, { date: "2026-11-25", tags: "plain" });
  await add(`Gone ${hostile}`, {});
  const [today = "", late = "", , gone = ""] = [...(taskIds() ?? [])];
  return { today, late, gone };
}

/** Pages that answer a form: refusals, a preview, a token shown once, a message. */
async function visitAnswersOfForms(browser: Browser, today: string, late: string, gone: string): Promise<void> {
  const submitTask = async (fields: Record<string, string | string[]>) =>
    browser.submit(await browser.get(`/tasks/${today}`), `/tasks/${today}?`, fields);
  await submitTask({ description: hostile, kept_tags: [hostile, "plain"], recurring_pattern: "FREQ=DAILY" });
  await browser.post(`/tasks/${today}/reminders`, { before: "1d" });
  await browser.post(`/tasks/${today}/reminders`, { day: "2026-11-22", time: "08:00" });
  const reminder = await browser.post(`/tasks/${today}/reminders`, { amount: hostile, unit: hostile });
  const preview = await browser.submitElsewhere(await browser.get(`/tasks/${today}`), `/tasks/${today}?`, {
    recurring_pattern: hostile,
  });
  await browser.post(`/tasks/${late}/complete`, {});
  await browser.post(`/tasks/${gone}/delete?back=/all`, {});
  const token = await browser.submit(await browser.get("/settings"), "/settings/tokens", { token_name: hostile });
  const refused = await submitTask({ title: hostile, recurring_pattern: hostile });
  const undo = { action: `/tasks/x/delete?${hostile}`, label: hostile };
  const flash = { text: `Saved “${hostile}”.`, undo };
  browser.cookies.set("carillon_flash", Buffer.from(JSON.stringify(flash)).toString("base64url"));
  pages.push(["a refused reminder", reminder], ["a preview", preview]);
  pages.push(["the new token", token], ["a refused edit", refused], ["a message", await browser.get("/today")]);
  pages.push(["chat", await browser.submit(await browser.get("/chat"), "/chat", { message: hostile })]);
}

async function visitPages(browser: Browser, today: string, gone: string): Promise<void> {
  for (const path of [
    ...lists,
    `/tasks/${today}/date`,
    "/all",
    "/all?status=any&priority=high&priority=urgent&overdue=1",
    `/all?${hostileQuery}`,
    "/trash",
    "/tags",
    "/settings",
    "/notifications",
    "/notifications?show=silent",
    `/unsubscribe/${encodeURIComponent(hostile)}`,
    `/tasks/${today}?${new URLSearchParams({ back: `/all?search=${hostile}` })}`,
    `/tasks/${today}/history`,
    `/tasks/${gone}/history`,
  ]) {
    pages.push([path.slice(0, 24), await browser.get(path)]);
  }
}

async function visitParts(browser: Browser, today: string): Promise<void> {
  const dialog = { headers: { "x-part": "dialog" } };
  parts.push(["the palette", await browser.get(`/palette?q=${encodeURIComponent(hostile)}`, dialog)]);
  parts.push(["the palette by a word", await browser.get("/palette?q=today", dialog)]);
  parts.push(["a bell", await browser.get(`/tasks/${today}/bell`, dialog)]);
  parts.push(["a row", await browser.get(`/tasks/${today}/row`, { headers: { "hx-request": "true" } })]);
  parts.push(["details", await browser.get(`/tasks/${today}?back=/today`, { headers: { "x-part": "pane" } })]);
  const line = { title: `“${hostile}” call ${hostile} #${hostile} tomorrow 99:99` };
  parts.push(["a line as understood", await browser.post("/tasks/understood", line, dialog)]);
}

async function visitAsStranger(stranger: Browser): Promise<void> {
  pages.push(["/sign-in", await stranger.get(`/sign-in?${new URLSearchParams({ next: `/${hostile}` })}`)]);
  pages.push(["/sign-up", await stranger.get("/sign-up")]);
  const account = { email: hostile, password: "x", name: hostile, time_zone: hostile };
  pages.push(["a refused sign-up", await stranger.post("/sign-up", account)]);
  pages.push(["an unknown address", await stranger.get(`/${encodeURIComponent(hostile)}`)]);
}

test("all pages were reached", () => {
  const odd = pages.filter(([, { status }]) => status !== 200).map(([name, { status }]) => [name, status]);
  expect(odd).toEqual([
    ["a refused reminder", 422],
    ["the new token", 201],
    ["a refused edit", 422],
    ["a refused sign-up", 422],
    ["an unknown address", 404],
    ["api away", 503],
    ["api away on a form", 503],
  ]);
});

test("hostile text is shown as text on every page, and is markup on none", async () => {
  for (const [name, { text }] of pages) {
    expect({ name, found: text.includes("<script>alert") || text.includes("<img") }).toEqual({ name, found: false });
    expect({ name, odd: await oddMarkup(text) }).toEqual({ name, odd: [] });
  }
  const shown = pages.filter(([, { text }]) => decode(text).includes(hostile));
  expect(shown.length).toBeGreaterThanOrEqual(15);
});

test("what a user wrote has the direction of its own script, on every page and in every part of one", async () => {
  let shown = 0;
  for (const [name, { text }] of [...pages, ...parts]) {
    expect({ name, found: await undirected(text, "alert(1)") }).toEqual({ name, found: [] });
    shown += text.includes("alert(1)") ? 1 : 0;
  }
  expect(shown).toBeGreaterThanOrEqual(25);
});

/** Attributes and elements none of our pages has: handlers, inline styles and scripts, addresses of other origins. */
async function oddMarkup(text: string): Promise<string[]> {
  const odd: string[] = [];
  const rewriter = new HTMLRewriter().on("*", {
    element(element) {
      for (const [name, value] of element.attributes) {
        if (name.startsWith("on") || name === "style" || name === "srcdoc") odd.push(`${element.tagName} ${name}`);
        if (/^(href|src|action|formaction|hx-get|hx-post)$/.test(name) && !/^[/#]/.test(value))
          odd.push(`${element.tagName} ${name}=${value}`);
      }
      if (element.tagName === "script" && !element.getAttribute("src")?.startsWith("/assets/"))
        odd.push("inline script");
      if (["img", "iframe", "style", "object", "embed", "base"].includes(element.tagName)) odd.push(element.tagName);
    },
  });
  rewriter.transform(text);
  return odd;
}

test("every control has a name for screen readers, and every id is unique", async () => {
  for (const [name, { text }] of pages) {
    const ids: string[] = [];
    const labelled = new Set<string>();
    const controls: { id: string; named: boolean }[] = [];
    const collect = new HTMLRewriter()
      .on("[id]", { element: (element) => void ids.push(element.getAttribute("id") ?? "") })
      .on("label[for]", { element: (label) => void labelled.add(label.getAttribute("for") ?? "") })
      .on("input:not([type=hidden]), select, textarea", {
        element: (control) =>
          void controls.push({
            id: control.getAttribute("id") ?? "",
            named: control.hasAttribute("aria-label") || /radio|checkbox/.test(control.getAttribute("type") ?? ""),
          }),
      });
    collect.transform(text);
    expect({ name, unnamed: controls.filter(({ id, named }) => !named && !labelled.has(id)) }).toEqual({
      name,
      unnamed: [],
    });
    expect({ name, twice: ids.filter((id, index) => ids.indexOf(id) !== index) }).toEqual({ name, twice: [] });
  }
});

test("every page has one h1, one main landmark, a title and its language", () => {
  for (const [name, { text }] of pages) {
    const counts = ["<h1", "<main", "<title", '<html lang="en"', "<!doctype html>"].map(
      (part) => text.split(part).length - 1 - (part === "<title" ? svgTitles(text) : 0),
    );
    expect({ name, counts }).toEqual({ name, counts: [1, 1, 1, 1, 1] });
  }
});

const svgTitles = (text: string): number => (text.match(/<svg[^>]*><title/g) ?? []).length;

test("an error page says what to do next", () => {
  const words = (name: string) => wordsOf(pages.find(([page]) => page === name)?.[1].text ?? "");
  expect(words("an unknown address")).toContain("Go to today");
  expect(words("api away")).toContain("Try again");
});

test("the history shows who changed what, from which value, to which", async () => {
  const { newBrowser, api } = createWeb();
  const ada = newBrowser();
  await ada.submit(await ada.signUp(), "/tasks", { title: "Tell me", date: "2026-11-22" });
  const id = [...(api.accounts.get("ada@example.com")?.tasks.keys() ?? [])][0];
  await ada.submit(await ada.get(`/tasks/${id}`), `/tasks/${id}?`, { priority: "high" });
  const words = wordsOf((await ada.get(`/tasks/${id}`)).text);
  expect(words).toContain("You changed the priority. Priority from Medium → to High Today, 14:00");
  expect(words).toContain("You created the task.");
  api.historyAway = true;
  const without = await ada.get(`/tasks/${id}`);
  expect(without.status).toBe(200);
  expect(wordsOf(without.text)).toContain("The history cannot be read right now.");
});

test("a list says how long it stays true by itself: until a task is due, or until midnight", async () => {
  const { newBrowser, setNow } = createWeb();
  const ada = newBrowser();
  await ada.signUp();
  const leftMs = async () => Number(/data-again-ms="(\d+)"/.exec((await ada.get("/today")).text)?.[1]);
  // Half a second later, so that no clock a little behind asks too early; midnight in Brussels.
  setNow("2026-11-21T22:59:50Z");
  expect(await leftMs()).toBe(10_500);
  setNow("2026-11-22T00:59:20Z");
  await ada.post("/tasks", { title: "Soon", date: "2026-11-22", time: "02:00", back: "/today", key: "soon" });
  expect(await leftMs()).toBe(40_500);
});
