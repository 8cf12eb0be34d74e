import { expect, test } from "bun:test";
import { createWeb } from "./browser.ts";
import { formIn, formsIn, wordsOf } from "./html.ts";

const hostile = `"><script>alert(1)</script>`;
const live = { headers: { "hx-request": "true", "hx-target": "section#reminders" } };

/** Ada with one task, due Friday 27 November at 17:00 in Brussels; it is Saturday before, 14:00. */
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
  const path = `/tasks/${id}`;
  const send = async (verb: string, typed: Record<string, string>) =>
    browser.follow(await browser.post(`${path}/${verb}`, typed));
  return { ...web, browser, account, id, task: () => account?.tasks.get(id), path, send };
}

test("a reminder is added by a button, an offset or a moment, shown with what it will do, and removed, all without a script", async () => {
  const { browser, task, path, send } = await withTask();
  expect(wordsOf((await send("reminders", { before: "1d" })).text)).toContain("Reminder added: 1 day before.");
  await send("reminders", { amount: "90", unit: "m" });
  const page = await send("reminders", { day: "2026-11-25", time: "08:30" });
  const words = wordsOf(page.text);
  expect(words).toContain("1 day before will ring Thu 26 Nov, 17:00");
  expect(words).toContain("90 minutes before will ring Fri 27 Nov, 15:30");
  expect(words).toContain("Wed 25 Nov, 08:30 will ring then");
  expect(task()?.reminders.map(({ before, remind_at }) => before ?? remind_at)).toEqual([
    "1d",
    "90m",
    "2026-11-25T07:30:00.000Z",
  ]);
  const day = task()?.reminders[0]?.id;
  const removed = await browser.submit(page, `${path}/reminders/${day}/remove`);
  expect(wordsOf(removed.text)).toContain("Reminder removed.");
  expect(task()?.reminders.map(({ before }) => before)).toEqual(["90m", null]);
});

test("an invalid reminder comes back with what was typed and why", async () => {
  const { task, send } = await withTask();
  const refused = await send("reminders", { amount: `soon ${hostile}`, unit: "m" });
  expect(refused.status).toBe(422);
  expect(refused.text).toMatch(/id="reminder-error">Enter how long before as a number/);
  const own = (await formsIn(refused.text)).find(({ fields }) => fields.some(([name]) => name === "amount"));
  expect(Object.fromEntries(own?.fields ?? [])).toMatchObject({ amount: `soon ${hostile}`, unit: "m" });
  const tooLong = await send("reminders", { amount: "500", unit: "d" });
  expect(wordsOf(tooLong.text)).toContain("A reminder must be like 15m, 1h, 1d or 1w, from 0m to 365d.");
  expect(task()?.reminders).toEqual([]);
});

test("without a due date a reminder can only be a moment", async () => {
  const { browser, path } = await withTask({ date: "", time: "" });
  const page = await browser.get(path);
  expect(wordsOf(page.text)).toContain("With a due date, a reminder can count back from it.");
  expect(page.text).not.toContain('name="amount"');
  expect(page.text).toContain('aria-label="Day of the reminder"');
});

test("a reminder set too late shows as missed", async () => {
  const { send } = await withTask({ date: "2026-11-21", time: "15:00" });
  expect(wordsOf((await send("reminders", { before: "1d" })).text)).toContain(
    "1 day before missed because its time had passed",
  );
});

test("snoozing rings once more, and what is still to ring stays", async () => {
  const { task, send } = await withTask();
  await send("reminders", { before: "1d" });
  expect(wordsOf((await send("snooze", { for: "1h" })).text)).toContain("Snoozed. It rings today, 15:00.");
  const page = await send("snooze", { for: "tomorrow" });
  expect(wordsOf(page.text)).toContain("Snoozed. It rings tomorrow, 09:00.");
  expect(wordsOf(page.text)).toContain("1 day before will ring");
  expect(task()?.reminders.map(({ state, reason }) => [state, reason])).toEqual([
    ["pending", null],
    ["cancelled", "snoozed"],
    ["pending", null],
  ]);
});

test("with a script only the panel changes, and the form beside it stays the newest", async () => {
  const { browser, task, path } = await withTask();
  const page = await browser.get(path);
  const answer = await browser.post(`${path}/reminders`, { before: "1h", version: "1" }, live);
  expect(answer.text).not.toContain("<html");
  expect(answer.text).toContain('<input type="hidden" id="form-version" name="version" value="2"');
  const { fields } = await formIn(page.text, `${path}?`);
  const body = new URLSearchParams(fields.map(([name, value]) => [name, name === "version" ? "2" : value]));
  body.set("title", "Report, edited meanwhile");
  expect((await browser.post(`${path}?back=/today`, body)).status).toBe(303);
  expect(task()).toMatchObject({ title: "Report, edited meanwhile", reminders: [{ before: "1h" }] });
});

test("a reminder does not hide from the form that another window saved in between", async () => {
  const { browser, path } = await withTask();
  await browser.submit(await browser.get(path), `${path}?`, { title: "Theirs" });
  const answer = await browser.post(`${path}/reminders`, { before: "1h", version: "1" }, live);
  expect(answer.status).toBe(200);
  expect(answer.text).not.toContain("form-version");
});

test("the notification centre shows each reminder once with its reason, by state, in pages", async () => {
  const { browser, account, id, send, task } = await withTask({ title: `Report ${hostile}` });
  expect(wordsOf((await browser.get("/notifications")).text)).toContain("No reminders yet");
  await send("reminders", { before: "1d" });
  await send("reminders", { before: "1w" });
  const whole = task();
  if (!account || !whole) throw new Error("no task");
  const ends = [
    { state: "sent", reason: null, sent_at: "2026-11-20T08:00:00.000Z" },
    { state: "failed", reason: "provider", sent_at: null },
    { state: "cancelled", reason: "mail_off", sent_at: null },
  ] as const;
  const more = ends.map((end, index) => ({
    id: `r${index}`,
    before: null,
    remind_at: `2026-11-1${index}T08:00:00.000Z`,
    ...end,
  }));
  account.tasks.set(id, { ...whole, reminders: [...whole.reminders, ...more] });
  const all = await browser.get("/notifications");
  expect(all.text).not.toContain("<script>alert");
  const words = wordsOf(all.text);
  expect(words).toContain("Will ring Thu 26 Nov, 17:00 1 day before");
  expect(words).toContain("Missed because its time had passed 1 week before set for yesterday, 17:00");
  expect(words).toContain("Rang yesterday, 09:00");
  expect(words).toContain("Failed because the mail could not be delivered set for Wed 11 Nov, 09:00 5 attempts");
  expect(all.text.split('class="notification ').length - 1).toBe(5);
  const count = async (show: string) =>
    (await browser.get(`/notifications?show=${show}`)).text.split('class="notification ').length - 1;
  expect([await count("ahead"), await count("rang"), await count("silent")]).toEqual([1, 1, 3]);

  const many = Array.from({ length: 40 }, (_, index) => ({ ...more[0], id: `m${index}` }) as (typeof more)[number]);
  account.tasks.set(id, { ...whole, reminders: many });
  const first = await browser.get("/notifications");
  const next = /href="([^"]+)">\s*Show older ones/.exec(first.text)?.[1]?.replaceAll("&amp;", "&") ?? "";
  expect((await browser.get(next)).text.split('class="notification ').length - 1).toBe(10);
  expect((await browser.get("/notifications?cursor=odd")).headers.get("location")).toBe("/notifications");
});

test("the notifications are one press away on a desk, and two on a phone", async () => {
  const { browser } = await withTask();
  for (const path of ["/today", "/more"]) expect((await browser.get(path)).text).toContain('href="/notifications"');
  expect((await browser.get("/today")).text).toContain('href="/more"');
});

test("an unsubscribe link asks first; its button and a mail program's own need no session and no origin", async () => {
  const { newBrowser, account } = await withTask();
  const stranger = newBrowser();
  const page = await stranger.get("/unsubscribe/ada@example.com");
  expect(wordsOf(page.text)).toContain("Stop the e-mails?");
  expect(account?.user.notifications.email).toBe(true);
  const foreign = { headers: { "sec-fetch-site": "cross-site", origin: "https://mail.example" } };
  const done = await stranger.post("/unsubscribe/ada@example.com", { "List-Unsubscribe": "One-Click" }, foreign);
  expect(done.status).toBe(200);
  expect(account?.user.notifications.email).toBe(false);
  const unknown = await stranger.post("/unsubscribe/nobody", { "List-Unsubscribe": "One-Click" });
  expect(unknown.status).toBe(404);
  expect(wordsOf(unknown.text)).toContain("Nothing was changed.");
});

test("e-mails are switched off and on in the settings, and pages show while they are off", async () => {
  const { browser, account } = await withTask();
  const off = await browser.submit(await browser.get("/settings"), "/settings/reminders", { email: [] });
  expect(wordsOf(off.text)).toContain("Reminders are no longer sent by e-mail.");
  expect(account?.user.notifications.email).toBe(false);
  expect(wordsOf((await browser.get("/notifications")).text)).toContain("Reminders by e-mail are switched off");
  await browser.submit(await browser.get("/settings"), "/settings/reminders", { email: "on" });
  expect(account?.user.notifications.email).toBe(true);
});
