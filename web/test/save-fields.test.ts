import { expect, test } from "bun:test";
import { createWeb } from "./browser.ts";
import { decode, formIn, wordsOf } from "./html.ts";

async function openTask() {
  const { api, newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.submit(await browser.signUp(), "/tasks", { title: "Tune", date: "2026-11-25", tags: "work" });
  const tasks = api.accounts.get("ada@example.com")?.tasks ?? new Map();
  const id = [...tasks.keys()][0] ?? "";
  const { fields } = await formIn((await browser.get(`/tasks/${id}?back=/upcoming`)).text, `/tasks/${id}?`);
  /** Sends the form as it was first shown, with these fields instead. */
  const save = (changes: Record<string, string | string[]>) => {
    const body = new URLSearchParams(fields.filter(([name]) => !(name in changes)));
    for (const [name, values] of Object.entries(changes)) for (const value of [values].flat()) body.append(name, value);
    const headers = { "hx-request": "true", "x-part": "save" };
    return browser.post(`/tasks/${id}/save?back=/upcoming`, body, { headers });
  };
  return { api, browser, save, task: () => tasks.get(id), id };
}

test("fields of one form are saved each for itself, also on top of what another window saved meanwhile", async () => {
  const { save, task } = await openTask();
  expect((await save({ title: "Tune the bells" })).status).toBe(200);
  const second = await save({ priority: "high", tags: "loud" });
  expect(second.text).not.toContain("data-conflict");
  expect(task()).toMatchObject({ title: "Tune the bells", priority: "high" });
  expect(task()?.tags.map(({ name }: { name: string }) => name)).toEqual(["work", "loud"]);
});

test("a field that two windows changed is not overwritten: its line says what the other saved, the rest is saved", async () => {
  const { save, task } = await openTask();
  await save({ title: "Theirs <b>" });
  const mine = await save({ title: "Mine", description: "and a word" });
  expect(mine.text).toContain('data-conflict="title"');
  expect(mine.text).toContain("Saved meanwhile in another window: </span><b>Theirs &lt;b");
  expect(task()).toMatchObject({ title: "Theirs <b>", description: "and a word" });
  // What has to be decided is left alone until it is.
  const version = /data-version="(\d+)"/.exec(mine.text)?.[1] ?? "";
  const was = decode(/data-was="([^"]*)"/.exec(mine.text)?.[1] ?? "");
  const later = { version, was, title: "Mine", description: "and a word" };
  await save({ ...later, priority: "low", hold: "title" });
  expect(task()).toMatchObject({ title: "Theirs <b>", priority: "low" });
  await save({ ...later, priority: "low" });
  expect(task()).toMatchObject({ title: "Mine", priority: "low" });
});

test("a field that is wrong says so at its line and holds up no other", async () => {
  const { save, task } = await openTask();
  const answer = await save({ due_day: "soon", title: "Saved all the same" });
  expect(answer.status).toBe(200);
  expect(answer.text).toContain('data-at="due_day"');
  expect(task()).toMatchObject({ title: "Saved all the same" });
  expect(task()?.due_date).toStartWith("2026-11-2");
  expect((await save({ title: "" })).text).toContain('data-at="title"');
});

test("without a session a form is kept, whether its cookie went first or not", async () => {
  const { browser, save } = await openTask();
  const cookies = new Map(browser.cookies);
  browser.cookies.clear();
  const part = await save({ title: "Typed" });
  expect([part.status, part.headers.get("hx-redirect")]).toEqual([401, null]);
  expect(part.text).toContain("What you typed is still here.");
  const page = await browser.post("/tasks", { title: "Typed without a cookie", back: "/today", key: "k" });
  expect(page.status).toBe(401);
  expect(page.text).toContain("Typed without a cookie");
  for (const [name, value] of cookies) browser.cookies.set(name, value);
  expect(wordsOf((await browser.submit(page, "/tasks")).text)).toContain("Added “Typed without a cookie”");
});

test("a day named in a line that waited for a connection is the day its writer meant", async () => {
  const { browser, api } = await openTask();
  await browser.post("/tasks", { title: "call tomorrow", back: "/inbox", key: "w", waited_ms: String(2 * 86_400_000) });
  await browser.post("/tasks", { title: "write tomorrow", back: "/inbox", key: "x", waited_ms: "-1e99" });
  const due = [...(api.accounts.get("ada@example.com")?.tasks.values() ?? [])].map((task) =>
    task.due_date?.slice(0, 10),
  );
  expect(due.slice(1)).toEqual(["2026-11-19", "2026-11-21"]);
});

test("a description shows its links, lists and ticks; a tick is set where it stands, unless its line was changed", async () => {
  const { browser, save, task, id } = await openTask();
  await save({ description: "See https://example.com/plan\n- [ ] bread <b>\n- [x] eggs" });
  const page = await browser.get(`/tasks/${id}`);
  expect(page.text).toContain('<a href="https://example.com/plan" target="_blank" rel="noopener noreferrer nofollow">');
  const ticked = await browser.submit(page, `/tasks/${id}/tick`);
  expect(task()?.description).toContain("- [x] bread <b>\n- [x] eggs");
  expect(ticked.text).toContain('aria-pressed="true" aria-label="bread');
  const late = await browser.submit(page, `/tasks/${id}/tick`, { words: "butter" });
  expect(wordsOf(late.text)).toContain("That line was changed meanwhile.");
});
