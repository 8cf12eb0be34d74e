import { expect, test } from "bun:test";
import { type Answer, createWeb } from "./browser.ts";
import { formIn, wordsOf } from "./html.ts";

const hostile = `"><script>alert(1)</script>`;

/** Ada with one task, due Friday 27 November at 17:00 in Brussels. */
async function withTask(fields: Record<string, string> = {}) {
  const web = createWeb();
  const browser = web.newBrowser();
  await browser.submit(await browser.signUp(), "/tasks", {
    title: "Report",
    date: "2026-11-27",
    time: "17:00",
    ...fields,
  });
  const account = web.api.accounts.get("ada@example.com");
  const id = [...(account?.tasks.keys() ?? [])][0] ?? "";
  const task = () => account?.tasks.get(id);
  const save = async (typed: Record<string, string | string[]>): Promise<Answer> =>
    browser.submit(await browser.get(`/tasks/${id}`), `/tasks/${id}?`, typed);
  return { ...web, browser, account, id, task, save, path: `/tasks/${id}` };
}

test("a repetition is chosen, ended and removed without a script", async () => {
  const { browser, path, task, save } = await withTask();
  await save({ repeat: "weekly", weekdays: ["MO", "TH"], ends: "after", times: "5" });
  expect(task()).toMatchObject({ recurring_pattern: "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=5", is_recurring: true });
  const words = wordsOf((await browser.get(path)).text);
  expect(words).toContain("Repeats every week on Monday and Thursday, 5 times");
  expect(words).toContain("Mon 30 Nov, 17:00 Thu 3 Dec, 17:00");

  await save({ repeat: "weekly", weekdays: [], ends: "on", recurrence_ends_day: "2026-12-31" });
  expect(task()).toMatchObject({
    recurring_pattern: "weekly",
    recurrence: { ends_at: "2026-12-31T23:59:59+01:00" },
  });
  await save({ repeat: "none" });
  expect(task()).toMatchObject({ recurring_pattern: null, recurrence: null });
});

test("saving another field leaves a rule exactly as it was sent", async () => {
  const { account, id, task, save } = await withTask();
  const before = task();
  if (!account || !before) throw new Error("no task");
  const recurrence = { rrule: "FREQ=DAILY", text: "every day", anchor: "due_date" as const, ends_at: null };
  account.tasks.set(id, { ...before, is_recurring: true, recurring_pattern: "rrule:freq=daily", recurrence });
  await save({ title: "Report, again" });
  expect(task()).toMatchObject({ title: "Report, again", recurring_pattern: "rrule:freq=daily" });
});

test("“Show the next dates” shows them without a script, saves nothing and keeps what was typed", async () => {
  const { browser, path, task } = await withTask();
  const page = await browser.submitElsewhere(await browser.get(path), `${path}?`, {
    title: "Not saved yet",
    repeat: "every",
    every: "2",
    unit: "months",
    due_day: "2026-12-31",
  });
  expect(page.status).toBe(200);
  const words = wordsOf(page.text);
  expect(words).toContain("Repeats every 2 months on the 31st, or the last day.");
  expect(words).toContain("28 Feb 2027, 17:00");
  const fields = Object.fromEntries((await formIn(page.text, `${path}?`)).fields);
  expect(fields).toMatchObject({ title: "Not saved yet", repeat: "every", every: "2", unit: "months" });
  expect(task()).toMatchObject({ title: "Report", recurring_pattern: null, version: 1 });
});

const preview = async (web: Awaited<ReturnType<typeof withTask>>, typed: Record<string, string>) => {
  const form = await formIn((await web.browser.get(web.path)).text, `${web.path}?`);
  const body = new URLSearchParams(form.fields.filter(([name]) => !(name in typed)));
  for (const [name, value] of Object.entries(typed)) body.append(name, value);
  const headers = { "hx-request": "true", "hx-target": "div#next-dates" };
  return web.browser.post(`${web.path}/preview`, body, { headers });
};

test("while the user types only the dates come back, and an invalid rule is explained at the rule", async () => {
  const web = await withTask();
  const good = await preview(web, { repeat: "rule", recurring_pattern: "FREQ=MONTHLY;BYDAY=-1FR" });
  expect(good.text).not.toContain("<html");
  expect(wordsOf(good.text)).toContain("every month on the last Friday");
  const wrong = await preview(web, { repeat: "rule", recurring_pattern: hostile });
  expect(wrong.status).toBe(200);
  expect(wrong.text).toMatch(
    /<p id="rule-wrong" class="field-error" aria-live="polite">Write daily, weekly, monthly or yearly, [^<]+\.</,
  );
  expect(wrong.text).not.toContain("<script");
  const no = await preview(web, { repeat: "every", every: "0" });
  expect(wordsOf(no.text)).toContain("Enter a number from 1 to 999.");
});

test("the last day cuts the list of dates, which says that it ends", async () => {
  const web = await withTask();
  const cut = await preview(web, { repeat: "daily", ends: "on", recurrence_ends_day: "2026-11-29" });
  expect(wordsOf(cut.text)).toContain("Sat 28 Nov, 17:00 Sun 29 Nov, 17:00 Then it ends.");
});

test("another due date moves this one only, and the page says so", async () => {
  const web = await withTask();
  await web.save({ repeat: "weekly" });
  const moved = wordsOf((await preview(web, { due_day: "2026-11-28" })).text);
  expect(moved).toContain("Only this date moves; the series stays as it is.");
  expect(moved).toContain("Fri 4 Dec, 17:00");
});

test("a new time for this and all later dates is chosen, foreseen and saved without a script", async () => {
  const { id, api, browser, path, save } = await withTask();
  await save({ repeat: "daily" });
  const choice = { due_time: "18:00", scope: "following" };
  const page = await browser.submitElsewhere(await browser.get(path), `${path}?`, choice);
  expect(wordsOf(page.text)).not.toContain("Only this date moves");
  expect(wordsOf(page.text)).toContain("Sat 28 Nov, 18:00");
  const kept = Object.fromEntries((await formIn(page.text, `${path}?`)).fields);
  expect(kept).toMatchObject(choice);
  const saved = await browser.submit(page, `${path}?`);
  expect(wordsOf(saved.text)).toContain("Saved “Report” and all later dates. Next: Sat 28 Nov, 18:00.");
  expect(api.requests.findLast(({ method }) => method === "PATCH")?.path).toBe(`/api/tasks/${id}?scope=following`);
  // The next form asks again.
  expect(Object.fromEntries((await formIn((await browser.get(path)).text, `${path}?`)).fields)).toMatchObject({
    scope: "this",
  });
  await save({ due_time: "19:00" });
  expect(api.requests.findLast(({ method }) => method === "PATCH")?.path).toBe(`/api/tasks/${id}`);
});

test("without later dates there is no such choice", async () => {
  const { browser, path, save } = await withTask();
  const asked = async () => wordsOf((await browser.get(path)).text).includes("all later dates");
  expect(await asked()).toBe(false);
  await save({ repeat: "weekly" });
  expect(await asked()).toBe(true);
  await browser.submit(await browser.get(path), `${path}/complete`);
  expect(await asked()).toBe(false);
});

test("a repetition without a number comes back with the reason at the number", async () => {
  const { save, task } = await withTask();
  const refused = await save({ repeat: "every", every: "often" });
  expect(refused.status).toBe(422);
  expect(refused.text).toMatch(/id="every-error">Enter a number from 1 to 999\./);
  expect(task()).toMatchObject({ recurring_pattern: null });
});

test("completing shows the next date, and undo reverts both", async () => {
  const { browser, account, id, path, save } = await withTask({ date: "2026-11-21", time: "09:00" });
  await save({ repeat: "daily" });
  const done = await browser.submit(await browser.get(`${path}?back=/today`), `${path}/complete`);
  expect(wordsOf(done.text)).toContain("Done. Next: tomorrow, 09:00. Undo");
  expect(account?.tasks.size).toBe(2);
  const undone = await browser.submit(done, `${path}/incomplete`);
  expect(wordsOf(undone.text)).toContain("Reopened “Report”.");
  expect([...(account?.tasks.keys() ?? [])]).toEqual([id]);
});

test("completing the last of a series says that it was the last", async () => {
  const { browser, path, save } = await withTask();
  await save({ repeat: "daily", ends: "after", times: "1" });
  const done = await browser.submit(await browser.get(path), `${path}/complete`);
  expect(wordsOf(done.text)).toContain("That was the last of its series.");
});

test("a date is skipped from the task’s page; the last one says why it cannot be", async () => {
  const { browser, path, task, save } = await withTask();
  await save({ repeat: "weekly" });
  const skipped = await browser.submit(await browser.get(path), `${path}/skip`);
  expect(wordsOf(skipped.text)).toContain("Skipped this date. Now due Fri 4 Dec, 17:00.");
  expect(task()?.due_date).toBe("2026-12-04T16:00:00.000Z");
  await save({ ends: "on", recurrence_ends_day: "2026-12-05" });
  const before = await browser.get(path);
  await save({ repeat: "rule", ends: "never", recurring_pattern: "FREQ=WEEKLY;UNTIL=20261205" });
  const last = await browser.submit(before, `${path}/skip`);
  expect(wordsOf(last.text)).toContain("This is the last date of its series");
});
