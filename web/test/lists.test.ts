import { expect, test } from "bun:test";
import { type Browser, createWeb } from "./browser.ts";
import { wordsOf } from "./html.ts";

const asked = { "hx-request": "true", "hx-request-type": "partial" };
const forList = { headers: { ...asked, "hx-target": "section#list" } };

let keys = 0;
const add = (browser: Browser, title: string, fields: Record<string, string> = {}) =>
  browser.post("/tasks", { title, back: "/today", key: `add-${++keys}`, ...fields });

/** Titles of the rows, in order, under their headings. */
function rowsOf(text: string): string[] {
  const parts = text.matchAll(/<h2 id="group-([^"]+)-title"|<(?:a|span) class="task-title"[^>]*>([^<]*)</g);
  return [...parts].map(([, group, title]) => (group ? `[${group}]` : (title ?? "")));
}

async function withWeek() {
  const web = createWeb({ now: "2026-11-21T13:00:00Z" });
  const browser = web.newBrowser();
  await browser.signUp();
  await add(browser, "late", { date: "2026-11-20", time: "09:00", priority: "urgent" });
  await add(browser, "this morning", { date: "2026-11-21", time: "08:00" });
  await add(browser, "tonight", { date: "2026-11-21", time: "20:00", tags: "home" });
  await add(browser, "all day", { date: "2026-11-21" });
  await add(browser, "tomorrow", { date: "2026-11-22", time: "00:00", tags: "work" });
  await add(browser, "some day", { tags: "home, work", priority: "low" });
  await browser.get("/today");
  return { ...web, browser, account: web.api.accounts.get("ada@example.com") };
}

test("today shows late, pending and completed tasks, by the clock of the user's zone", async () => {
  const { browser, account } = await withWeek();
  const morning = [...(account?.tasks.values() ?? [])].find(({ title }) => title === "this morning");
  expect(rowsOf((await browser.get("/today")).text)).toEqual([
    "[overdue]",
    "late",
    "this morning",
    "[today]",
    "tonight",
    "[any-time]",
    "all day",
  ]);
  await browser.post(`/tasks/${morning?.id}/complete?back=/today`, {});
  expect(rowsOf((await browser.get("/today")).text)).toEqual([
    "[overdue]",
    "late",
    "[today]",
    "tonight",
    "[any-time]",
    "all day",
  ]);
  expect(wordsOf((await browser.get("/today")).text)).toContain("Done today 1");
  expect(rowsOf((await browser.get("/done")).text)).toEqual(["[2026-11-21]", "this morning"]);
});

test("120 overdue tasks are counted as 120, and the day's own tasks stand below five of them", async () => {
  const { browser } = await withWeek();
  for (let index = 0; index < 118; index++) await add(browser, `old ${index}`, { date: "2026-11-19", time: "09:00" });
  const { text } = await browser.get("/today");
  expect(rowsOf(text).filter((row) => row.startsWith("old")).length).toBe(5);
  expect(rowsOf(text)).toContain("tonight");
  expect(wordsOf(text)).toContain("Overdue , tasks: 120");
  expect(wordsOf(text)).toContain("Show all 120 overdue");
});

test("the inbox holds what has no date, newest first; a tag's page is called by the tag, and its tasks get it", async () => {
  const { browser, setNow } = await withWeek();
  setNow("2026-11-21T13:00:01Z");
  await add(browser, "thought", { back: "/inbox" });
  expect(rowsOf((await browser.get("/inbox")).text)).toEqual(["[all]", "thought", "some day"]);
  const { text } = await browser.get("/all?tag=home");
  expect(text).toMatch(/<h1 dir="auto">home<\/h1>/);
  expect(text).toMatch(/name="tags" value="home"/);
  expect(text).toMatch(/href="\/all\?tag=home" aria-current="page"/);
});

test("an act sent by the page's own script answers with its rows, the counts and the message alone", async () => {
  const { browser, account } = await withWeek();
  const task = [...(account?.tasks.values() ?? [])].find(({ title }) => title === "tonight");
  const act = async (path: string, fields: Record<string, string> = {}) =>
    (await browser.post(`/tasks/${task?.id}/${path}`, fields, { headers: { "hx-request": "true", "x-part": "act" } }))
      .text;
  const placeIn = (text: string) => new RegExp(`data-row="${task?.id}" data-place="([^"]*)"`).exec(text)?.[1];
  const done = await act("complete?back=/today");
  expect(placeIn(done)).toBe("gone");
  expect(done).toContain('<hx-partial hx-target="#nav-lists"');
  expect(wordsOf(done)).toContain("Completed “tonight”.");
  expect(done.length).toBeLessThan(8_000);
  expect(placeIn(await act("incomplete?back=/today"))).not.toBe("gone");
  expect(placeIn(await act("date?back=/today", { to: "tomorrow" }))).toBe("gone");
  expect(placeIn(await act("date?back=/upcoming", { words: "in 3 days" }))).not.toBe("gone");
  expect(placeIn(await act("delete?back=/all"))).toBe("gone");
});

test("many tasks are changed at once, with one message and one way back", async () => {
  const { browser, account } = await withWeek();
  const ids = ["late", "tonight", "all day"].map(
    (title) => [...(account?.tasks.values() ?? [])].find((task) => task.title === title)?.id ?? "",
  );
  const dues = () => ids.map((id) => account?.tasks.get(id)?.due_date);
  const before = dues();
  const moved = await browser.follow(
    await browser.post("/tasks/many?back=/today", { verb: "date", to: "tomorrow", ids }),
  );
  expect(wordsOf(moved.text)).toContain("3 tasks: tomorrow.");
  expect(dues()).toEqual(["2026-11-22T08:00:00.000Z", "2026-11-22T19:00:00.000Z", "2026-11-21T23:00:00.000Z"]);
  const back = await browser.submit(moved, "/tasks/undo");
  expect(wordsOf(back.text)).toContain("Took back 3 tasks.");
  expect(dues()).toEqual(before);
  const gone = await browser.follow(await browser.post("/tasks/many?back=/today", { verb: "delete", ids }));
  expect(wordsOf(gone.text)).toContain("3 tasks: deleted.");
  expect((await browser.post("/tasks/many", { verb: "nonsense", ids })).status).toBe(422);
});

test("all overdue tasks get another day at once, each at its time", async () => {
  const { browser } = await withWeek();
  const page = await browser.get("/overdue/date?back=/today");
  expect(wordsOf(page.text)).toContain("Reschedule 2 tasks");
  const answer = await browser.submit(page, "/overdue/date", { to: "tomorrow" });
  expect(wordsOf(answer.text)).toContain("2 tasks: tomorrow.");
  expect(rowsOf((await browser.get("/upcoming")).text)).toEqual(["[2026-11-22]", "tomorrow", "this morning", "late"]);
});

test("a new day keeps the time of day; the way back restores what was before", async () => {
  const { browser, account } = await withWeek();
  const task = () => [...(account?.tasks.values() ?? [])].find(({ title }) => title === "tonight");
  const date = (fields: Record<string, string>) => browser.post(`/tasks/${task()?.id}/date?back=/today`, fields);
  const answer = await browser.follow(await date({ to: "tomorrow" }));
  expect(task()).toMatchObject({ due_date: "2026-11-22T19:00:00.000Z", all_day: false });
  expect(wordsOf(answer.text)).toContain("“tonight”: tomorrow, 20:00.");
  await browser.submit(answer, `/tasks/${task()?.id}/date`);
  expect(task()).toMatchObject({ due_date: "2026-11-21T19:00:00.000Z", all_day: false });
  await date({ to: "none" });
  expect(task()).toMatchObject({ due_date: null, all_day: false });
  await date({ to: "next_week" });
  expect(task()).toMatchObject({ due_date: "2026-11-22T23:00:00.000Z", all_day: true });
  const refused = await date({ words: "when pigs fly" });
  expect(refused.status).toBe(422);
  expect(wordsOf(refused.text)).toContain("Write a date such as");
});

test("midnight of the user's zone separates today from upcoming", async () => {
  const { browser, setNow } = await withWeek();
  expect(rowsOf((await browser.get("/upcoming")).text)).toEqual(["[2026-11-22]", "tomorrow"]);
  // 23:30 UTC is half past midnight in Brussels.
  setNow("2026-11-21T23:30:00Z");
  const text = (await browser.get("/today")).text;
  expect(wordsOf(text)).toContain("Sunday 22 November");
  expect(rowsOf(text)).toContain("tomorrow");
});

test("a task opened from a list leads back to that list, filters included", async () => {
  const { browser } = await withWeek();
  const { text } = await browser.get("/all?search=tonight&status=any");
  const link = /class="task-title" href="([^"]*)"/.exec(text)?.[1] ?? "";
  const page = await browser.get(link);
  expect(page.text).toContain('class="page-back" href="/all?search=tonight&amp;status=any"');
});

test("a task added on a list without a date of its own gets the list's day", async () => {
  const { browser } = await withWeek();
  const dateOn = async (path: string) =>
    /name="date"[^>]*|value="([^"]*)"[^>]*name="date"/.exec((await browser.get(path)).text)?.[0];
  expect(await dateOn("/today")).toContain("2026-11-21");
  expect(await dateOn("/upcoming")).toContain("2026-11-22");
  expect(await dateOn("/all")).not.toContain("2026");
});

test.each([
  ["", ["late", "all day", "this morning", "tonight", "tomorrow", "some day"]],
  ["?priority=urgent&priority=low", ["late", "some day"]],
  ["?tag=home", ["tonight", "some day"]],
  ["?overdue=1", ["late", "this morning"]],
  ["?search=day", ["all day", "some day"]],
  ["?sort=title", ["all day", "late", "some day", "this morning", "tomorrow", "tonight"].toSorted()],
  ["?sort=-priority&tag=home&tag=work", ["tonight", "tomorrow", "some day"]],
  ["?status=completed", []],
  [
    "?status=nonsense&sort=nonsense&priority=nonsense&rows=nonsense",
    ["late", "all day", "this morning", "tonight", "tomorrow", "some day"],
  ],
])("all tasks%s", async (query, titles) => {
  const { browser } = await withWeek();
  expect(rowsOf((await browser.get(`/all${query}`)).text).filter((row) => row !== "[all]")).toEqual(titles);
});

test("each active filter can be removed, and the others stay", async () => {
  const { browser } = await withWeek();
  const { text } = await browser.get("/all?search=ton&priority=medium&tag=home&status=any");
  const links = [...text.matchAll(/class="chip" href="([^"]*)"/g)].map(([, href]) => href?.replaceAll("&amp;", "&"));
  expect(links).toEqual([
    "/all?status=any&priority=medium&tag=home",
    "/all?search=ton&priority=medium&tag=home",
    "/all?search=ton&status=any&tag=home",
    "/all?search=ton&status=any&priority=medium",
  ]);
});

test("an address that api rejects is explained on the page, with a way out", async () => {
  const { browser } = await withWeek();
  const answer = await browser.get("/all?cursor=forged");
  expect(answer.status).toBe(422);
  expect(wordsOf(answer.text)).toContain(
    "This list cannot be shown. The place in the list belongs to another list. Start over with all tasks",
  );
});

test("a long list shows fifty rows, then more of the same, each task once", async () => {
  const { newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.signUp();
  for (let index = 0; index < 120; index++) await add(browser, `task ${String(index).padStart(3, "0")}`);
  const first = await browser.get("/all");
  expect(rowsOf(first.text).length).toBe(51);
  const more = /class="more"><a class="button" href="([^"#]*)#/.exec(first.text)?.[1];
  expect(more).toBe("/all?rows=100");
  const all = rowsOf((await browser.get("/all?rows=150")).text);
  expect(all.length).toBe(121);
  expect(new Set(all).size).toBe(121);
});

test("htmx gets only the list, and the address in its shortest form", async () => {
  const { browser } = await withWeek();
  const part = await browser.get("/all?search=ton&status=pending&sort=&tag=", forList);
  expect(part.headers.get("hx-replace-url")).toBe("/all?search=ton");
  expect(part.text).not.toContain("<html");
  expect(part.text).not.toContain("quick-add");
  expect(rowsOf(part.text)).toEqual(["[all]", "tonight"]);
});

test("a form of the list, sent by htmx, leads back to the list alone with its message", async () => {
  const { browser, account } = await withWeek();
  const task = [...(account?.tasks.values() ?? [])].find(({ title }) => title === "tonight");
  const answer = await browser.follow(
    await browser.post(`/tasks/${task?.id}/complete?back=/today`, {}, forList),
    forList,
  );
  expect(answer.path).toBe("/today");
  expect(answer.text).not.toContain("<html");
  expect(answer.text).toMatch(/<hx-partial hx-target="#toasts"[^>]*><div class="toast"/);
  expect(answer.text).toMatch(/<hx-partial hx-target="#day"/);
  expect(rowsOf(answer.text)).not.toContain("tonight");
  expect(wordsOf(answer.text)).toContain("Done today 1");
});

test("htmx's history restore gets whole pages", async () => {
  const { browser } = await withWeek();
  const headers = { "hx-request": "true", "hx-request-type": "full", "hx-target": "body" };
  expect((await browser.get("/all", { headers })).text).toStartWith("<!doctype html>");
});

test("on a failure htmx gets a message and the page stays as it is", async () => {
  const { api, browser } = await withWeek();
  api.away = true;
  const failed = await browser.post("/tasks", { title: "typed" }, { headers: { ...asked, "hx-target": "main#main" } });
  expect(failed.status).toBe(503);
  expect(failed.text).toMatch(
    /^<hx-partial hx-target="#toasts" hx-swap="innerHTML"><div class="toast toast-alarm"[\s\S]*<\/hx-partial>$/,
  );
});

test("a row that changed in place can be read alone; its place says when the list must be read again", async () => {
  const { browser, account } = await withWeek();
  const task = [...(account?.tasks.values() ?? [])].find(({ title }) => title === "tonight");
  const row = async (list: string) => (await browser.get(`/tasks/${task?.id}/row?in=${encodeURIComponent(list)}`)).text;
  const placeOf = (text: string) => /data-place="([^"]+)"/.exec(text)?.[1];
  const edit = async (fields: Record<string, string>) =>
    browser.submit(await browser.get(`/tasks/${task?.id}`), `/tasks/${task?.id}?`, fields);

  const before = { today: await row("/today"), byTitle: await row("/all?sort=title") };
  expect((await browser.get("/today")).text).toContain(before.today);
  await edit({ title: "tonight, late" });
  expect(placeOf(await row("/today"))).toBe(placeOf(before.today));
  expect(placeOf(await row("/all?sort=title"))).not.toBe(placeOf(before.byTitle));
  await edit({ due_day: "2026-11-23" });
  expect(placeOf(await row("/today"))).not.toBe(placeOf(before.today));
  await browser.post(`/tasks/${task?.id}/delete`, {});
  expect((await browser.get(`/tasks/${task?.id}/row?in=/today`)).status).toBe(204);
});

test("tag names are offered while the user types, each as the whole text with its last name completed", async () => {
  const { browser } = await withWeek();
  const optionsFor = async (text: string) =>
    [...(await browser.get(`/tags/options?tags=${encodeURIComponent(text)}`)).text.matchAll(/value="([^"]*)"/g)].map(
      ([, value]) => value,
    );
  expect(await optionsFor("")).toEqual(["home", "work"]);
  expect(await optionsFor("HO")).toEqual(["home"]);
  expect(await optionsFor("home, w")).toEqual(["home, work"]);
  expect(await optionsFor("Home, h")).toEqual([]);
});
