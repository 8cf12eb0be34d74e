import { expect, test } from "bun:test";
import { createWeb } from "./browser.ts";
import { wordsOf } from "./html.ts";

test("without a script rows are chosen by boxes, and what is done to them is taken back at once", async () => {
  const { api, newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.signUp();
  for (const title of ["One", "Two", "Three"]) await browser.post("/tasks", { title, back: "/inbox", key: title });
  expect((await browser.get("/inbox")).text).toContain('href="/inbox?select=1"');
  const page = await browser.get("/inbox?select=1");
  const boxes = [
    ...page.text.matchAll(/type="checkbox" class="task-select" name="ids" value="([^"]*)" form="select-form"/g),
  ];
  expect(boxes).toHaveLength(3);
  const ids = boxes.slice(0, 2).map(([, id = ""]) => id);
  const moved = await browser.submit(page, "/tasks/many", { ids, verb: "date", to: "tomorrow" });
  expect(moved.path).toBe("/inbox");
  expect(wordsOf(moved.text)).toContain("2 tasks: tomorrow.");
  const due = () =>
    [...(api.accounts.get("ada@example.com")?.tasks.values() ?? [])].filter((task) => task.due_date !== null);
  expect(due()).toHaveLength(2);
  await browser.submit(moved, "/tasks/undo");
  expect(due()).toHaveLength(0);
});

test("a page says how long it stays true: until its next task is due, then until midnight, when the day is another", async () => {
  const { newBrowser, setNow } = createWeb({ now: "2026-11-21T22:30:00Z" });
  const browser = newBrowser();
  await browser.signUp();
  await browser.post("/tasks", { title: "Late show", date: "2026-11-21", time: "23:50", back: "/today", key: "a" });
  await browser.post("/tasks", { title: "Rehearsal", date: "2026-11-22", back: "/today", key: "b" });
  const read = async () => {
    const { text } = await browser.get("/today");
    const again = Number(/data-again-ms="(\d+)"/.exec(text)?.[1]);
    return { again, isLate: text.includes("group-overdue"), words: wordsOf(text) };
  };
  expect(await read()).toMatchObject({ again: 20 * 60_000 + 500, isLate: false });
  setNow("2026-11-21T22:50:00.500Z");
  const late = await read();
  expect(late).toMatchObject({ again: 10 * 60_000, isLate: true });
  expect(late.words).toContain("Saturday 21 November");
  setNow(new Date(Date.parse("2026-11-21T22:50:00.500Z") + late.again).toISOString());
  const next = await read();
  expect(next.words).toContain("Sunday 22 November");
  expect(next.words).toContain("Rehearsal");
});
