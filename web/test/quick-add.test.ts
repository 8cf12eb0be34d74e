import { expect, test } from "bun:test";
import { createWeb } from "./browser.ts";
import { wordsOf } from "./html.ts";

const monday = { now: "2026-11-30T09:30:00Z" };
const rent = "pay rent every month on the 1st at 9 !high #home remind 1 day before";

async function signedIn() {
  const web = createWeb(monday);
  const browser = web.newBrowser();
  const page = await browser.signUp();
  const tasks = () => [...(web.api.accounts.get("ada@example.com")?.tasks.values() ?? [])];
  return { ...web, browser, page, tasks };
}

const forList = { headers: { "hx-request": "true", "hx-request-type": "partial", "hx-target": "section#list" } };

test("without a script one line creates the whole task, shows its meaning, and can be undone", async () => {
  const { browser, page, tasks } = await signedIn();
  const added = await browser.submit(page, "/tasks", { title: rent });
  expect(wordsOf(added.text)).toContain("Added “pay rent”, due Tomorrow, 09:00, every month on the 1st. Undo");
  const [task] = tasks();
  expect(task).toMatchObject({
    title: "pay rent",
    due_date: "2026-12-01T08:00:00.000Z",
    all_day: false,
    priority: "high",
    recurring_pattern: "FREQ=MONTHLY;BYMONTHDAY=1",
  });
  expect(task?.tags.map(({ name }) => name)).toEqual(["home"]);
  expect(task?.reminders.map(({ before }) => before)).toEqual(["1d"]);
  await browser.submit(added, `/tasks/${task?.id}/delete`);
  expect(tasks()[0]?.deleted_at).not.toBeNull();
});

test("words without a meaning stay in the title unchanged", async () => {
  const { browser, page, tasks } = await signedIn();
  await browser.submit(page, "/tasks", { title: 'read "Tomorrow Never Dies" friday' });
  expect(tasks()[0]).toMatchObject({ title: "read Tomorrow Never Dies", due_date: "2026-12-03T23:00:00.000Z" });
  await browser.submit(await browser.get("/today"), "/tasks", { title: "gym today 9am" });
  expect(tasks()[1]).toMatchObject({ title: "gym today 9am", due_date: "2026-11-29T23:00:00.000Z", all_day: true });
});

test("the form's own fields apply where the words say nothing, and the words where they do", async () => {
  const { browser, page, tasks } = await signedIn();
  const fields = { date: "2026-12-05", priority: "low", tags: "work" };
  await browser.submit(page, "/tasks", { title: "plain", ...fields });
  await browser.submit(page, "/tasks", { title: "call mum 6pm #home", ...fields, key: "b" });
  await browser.submit(page, "/tasks", { title: "report friday !urgent", ...fields, key: "c" });
  await browser.submit(page, "/tasks", { title: "some day, no date", date: "2026-11-30", key: "d" });
  const shown = tasks().map(({ title, due_date, priority, tags }) => [
    title,
    due_date,
    priority,
    tags.map(({ name }) => name).join(),
  ]);
  expect(shown).toEqual([
    ["plain", "2026-12-04T23:00:00.000Z", "low", "work"],
    ["call mum", "2026-12-05T17:00:00.000Z", "low", "home,work"],
    ["report", "2026-12-03T23:00:00.000Z", "urgent", "work"],
    ["some day", null, "medium", ""],
  ]);
});

test("a line that only says when is asked for what, and keeps its text", async () => {
  const { browser, page, tasks } = await signedIn();
  const refused = await browser.submit(page, "/tasks", { title: "tomorrow at 9" });
  expect(refused.status).toBe(422);
  expect(refused.text).toContain("Enter what has to be done as well");
  expect(refused.text).toContain('value="tomorrow at 9"');
  const row = await browser.post("/tasks", { title: "tomorrow at 9", back: "/today", key: "x" }, forList);
  expect([row.status, wordsOf(row.text).trim()]).toEqual([
    422,
    "Enter what has to be done as well: the line only says when.",
  ]);
  expect(tasks()).toEqual([]);
});

test("the language is the browser's", async () => {
  const { browser, tasks } = await signedIn();
  const german = { headers: { "accept-language": "de-DE,de;q=0.9,en;q=0.5" } };
  await browser.post("/tasks", { title: "Zahnarzt Freitag 15 Uhr", back: "/today", key: "g" }, german);
  expect(tasks()[0]).toMatchObject({ title: "Zahnarzt", due_date: "2026-12-04T14:00:00.000Z" });
});

test("while the user types, the chips show what each part means, its other readings, and why words stay", async () => {
  const { browser, tasks } = await signedIn();
  const chips = async (title: string) => (await browser.post("/tasks/understood", { title }, forList)).text;
  expect(wordsOf(await chips(rent)).trim()).toBe(
    "Understood as Tomorrow, 09:00 every month on the 1st High priority home 1 day before",
  );
  expect(wordsOf(await chips("call next friday"))).toContain("Fri 11 Dec or Fri 4 Dec");
  expect(wordsOf(await chips("every 2nd tuesday"))).toContain(
    "every month on the second Tuesday or every 2 weeks on Tuesday",
  );
  expect(wordsOf(await chips("gym today 9am"))).toContain("“today 9am”: This is already over");
  expect(wordsOf(await chips("every day until 24 dec after completion"))).toContain(
    "every day, counted from completion until Thu 24 Dec",
  );
  expect(await chips("nothing to see")).toBe("");
  expect(await chips("")).toBe("");
  expect(await chips("a\u0007b")).toBe("");
  expect(tasks()).toEqual([]);
});

test("text in a chip is text", async () => {
  const { browser } = await signedIn();
  const { text } = await browser.post("/tasks/understood", { title: 'x #<b>"y" tomorrow yesterday <i>&lt;' }, forList);
  expect(text).not.toContain("<b>");
  expect(text).not.toContain("<i>");
});
