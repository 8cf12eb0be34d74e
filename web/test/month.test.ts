import { expect, test } from "bun:test";
import { type Answer, createWeb } from "./browser.ts";
import { wordsOf } from "./html.ts";

/** The words of each day of the grid that has a task, by its date. */
async function daysOf(page: Answer): Promise<Record<string, string>> {
  const days: Record<string, string> = {};
  for (const [, day = "", rest = ""] of page.text.matchAll(
    /data-day="(\d{4}-\d\d-\d\d)"[^>]*>(.*?)(?=<li class="[^"]*calendar-day|<\/ol>)/gs,
  ))
    if (rest.includes("calendar-task")) days[day] = wordsOf(rest);
  return days;
}

async function openMonth() {
  const { newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.signUp();
  const add = (title: string, date: string, time = "") =>
    browser.post("/tasks", { title, date, time, back: "/today", key: title });
  await add("Dentist", "2026-11-24", "11:15");
  await add("Rent", "2026-12-01");
  await add("Next year", "2027-01-15");
  return { browser, add };
}

test("a month shows each open task on its day, with the days of other months that fill its weeks", async () => {
  const { browser } = await openMonth();
  const page = await browser.get("/month");
  expect(wordsOf(page.text)).toContain("November 2026");
  expect(page.text.match(/<li class="calendar-day/g)?.length).toBe(42);
  const days = await daysOf(page);
  expect(Object.keys(days)).toEqual(["2026-11-24", "2026-12-01"]);
  expect(days["2026-11-24"]).toContain("11:15 Dentist");
  const january = await browser.get("/month?m=2027-01");
  expect(january.text.match(/<li class="calendar-day/g)?.length).toBe(35);
  expect(Object.keys(await daysOf(january))).toEqual(["2027-01-15"]);
});

test("a task moves to another day by its button, without a script, and the way back is the month", async () => {
  const { browser } = await openMonth();
  const page = await browser.get("/month?m=2026-11");
  const [, address = ""] = /href="(\/tasks\/[^"]*\/date\?[^"]*)"[^>]*aria-label="Move “Dentist”/.exec(page.text) ?? [];
  const moved = await browser.submit(await browser.get(address.replaceAll("&amp;", "&")), "/tasks/", {
    to: "2026-11-26",
  });
  expect(moved.path).toBe("/month?m=2026-11");
  expect((await daysOf(moved))["2026-11-26"]).toContain("11:15 Dentist");
});

test("a day with many tasks folds them, and an address that names no month shows the present one", async () => {
  const { browser, add } = await openMonth();
  for (let index = 0; index < 7; index++) await add(`Task ${index}`, "2026-11-27");
  const page = await browser.get("/month?m=2026-13");
  expect(wordsOf(page.text)).toContain("November 2026");
  expect(wordsOf(page.text)).toContain("3 more");
  expect((await browser.get("/month?m=")).status).toBe(200);
});

test("an act on a task opened from the month answers that the month must be read again", async () => {
  const { browser } = await openMonth();
  const page = await browser.get("/month");
  const [, id = ""] = /data-task="([^"]*)"/.exec(page.text) ?? [];
  const answer = await browser.post(
    `/tasks/${id}/complete?back=/month`,
    {},
    {
      headers: { "hx-request": "true", "x-part": "act" },
    },
  );
  expect(answer.text).toContain('data-read="list"');
  expect(await daysOf(await browser.get("/month"))).not.toHaveProperty("2026-11-24");
});
