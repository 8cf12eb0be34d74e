import { beforeAll, expect, test } from "bun:test";
import { type Answer, type Browser, createWeb } from "./browser.ts";
import { decode, wordsOf } from "./html.ts";

/** What each page, and each part of one, says; from a browser whose user set a clock of 12 hours, months first and weeks from Sunday. */
const said: [string, string][] = [];
let browser: Browser;

beforeAll(async () => {
  const { newBrowser, api } = createWeb();
  browser = newBrowser();
  await browser.signUp();
  const saved = await browser.submit(await browser.get("/settings"), "/settings/writing", {
    hour_cycle: "h12",
    date_order: "mdy",
    week_start: "sunday",
  });
  hear("a message", saved);
  const add = async (title: string, more: Record<string, string>) =>
    hear(`adding ${title}`, await browser.post("/tasks", { title, back: "/today", key: title, ...more }));
  await add("Late", { date: "2026-11-20", time: "09:00" });
  await add("Evening", { date: "2026-11-21", time: "18:30" });
  await add("Soon", { date: "2026-11-27", time: "00:15" });
  await add("Whole day", { date: "2026-12-24" });
  await add("Far", { date: "2028-02-29", time: "13:00" });
  await add("Done", { date: "2026-11-21", time: "12:00" });
  const ids = [...(api.accounts.get("ada@example.com")?.tasks.keys() ?? [])];
  const [late = "", evening = "", soon = "", , far = "", done = ""] = ids;
  await edit(soon, { repeat: "rule", recurring_pattern: "FREQ=WEEKLY;UNTIL=20270304" });
  hear("a bell set", await browser.post(`/tasks/${far}/reminders`, { day: "2028-02-28", time: "20:45" }));
  hear("done", await browser.post(`/tasks/${done}/complete`, {}));
  hear("snoozed", await browser.post(`/tasks/${evening}/snooze`, { for: "tomorrow" }));
  hear("moved", await browser.post(`/tasks/${late}/date`, { words: "dec 24 18:00", back: "/today" }));
  hear("chat", await browser.submit(await browser.get("/chat"), "/chat", { message: "report by friday 5 pm" }));
  for (const path of ["/today", "/upcoming", "/all?status=any", "/done", "/month", "/month?m=2026-12", "/insights"])
    hear(path, await browser.get(path));
  for (const path of ["/settings", "/settings/calendars", "/notifications", "/dates?month=2026-12"])
    hear(path, await browser.get(path));
  for (const id of ids)
    for (const path of [`/tasks/${id}`, `/tasks/${id}/date`, `/tasks/${id}/history`])
      hear(path, await browser.get(path));
  const dialog = { headers: { "x-part": "dialog" } };
  hear("palette", await browser.get("/palette?q=soon", dialog));
  hear("bell", await browser.get(`/tasks/${soon}/bell`, dialog));
  hear("understood", await browser.post("/tasks/understood", { title: "Call tomorrow at 5pm" }, dialog));
});

async function edit(id: string, fields: Record<string, string>): Promise<void> {
  const page = await browser.get(`/tasks/${id}`);
  hear("a preview", await browser.submitElsewhere(page, `/tasks/${id}?`, fields));
  hear("a repetition", await browser.submit(page, `/tasks/${id}?`, fields));
}

/** Words and names; choices of the settings show both ways, and an example of a line is what a user may type. */
function hear(name: string, { text }: Answer): void {
  const words = wordsOf(text.replace(/<option[\s\S]*?<\/option>/g, "").replace(/<code[\s\S]*?<\/code>/g, ""));
  const names = [...text.matchAll(/(?:aria-label|placeholder|title)="([^"]*)"/g)].map(([, value = ""]) =>
    decode(value),
  );
  said.push([name, [words, ...names].join(" | ")]);
}

test("B19: no page writes a time in the other clock, and many write one", () => {
  const other = /.{0,40}(?<![\d:])(?:[01]?\d|2[0-3]):[0-5]\d(?! [AP]M|\d|:)/g;
  for (const [name, words] of said) expect([name, words.match(other)]).toEqual([name, null]);
  const all = said.map(([, words]) => words).join(" ");
  for (const time of ["6:30 PM", "12:15 AM", "1:00 PM", "8:45 PM", "12:00 PM", "5:00 PM"])
    expect([time, all.includes(time)]).toEqual([time, true]);
});

test("B19: no page writes a date in the other order, and many write one", () => {
  const months = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept|Oct|Nov|Dec";
  const other = new RegExp(`.{0,40}\\b\\d{1,2}\\.? (?:${months})[a-z]*.{0,10}`, "g");
  for (const [name, words] of said) expect([name, words.match(other)]).toEqual([name, null]);
  const all = said.map(([, words]) => words).join(" ");
  for (const date of ["Fri, Nov 27", "Feb 29, 2028", "Thursday, December 24", "until March 4, 2027"])
    expect([date, all.includes(date)]).toEqual([date, true]);
});

test("B19: months begin their weeks on the user's own day, in the grid and where a date is chosen", async () => {
  const november = await browser.get("/month?m=2026-11");
  expect(wordsOf(november.text)).toContain("Sun Mon Tue Wed Thu Fri Sat");
  const days = [...november.text.matchAll(/<li class="calendar-day[^>]*data-day="([^"]*)"/g)].map(([, day]) => day);
  expect([days[0], days.at(-1), days.length]).toEqual(["2026-11-01", "2026-12-05", 35]);
  const choices = (await browser.get("/dates?month=2026-12")).text;
  expect(wordsOf(choices)).toContain("Su Mo Tu We Th Fr Sa 29 30 1");
});
