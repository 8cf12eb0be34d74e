import { expect, test } from "bun:test";
import { createWeb } from "./browser.ts";
import { wordsOf } from "./html.ts";

async function openTask() {
  const { api, newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.submit(await browser.signUp(), "/tasks", { title: "Tune", date: "2026-11-25" });
  const tasks = api.accounts.get("ada@example.com")?.tasks ?? new Map();
  const id = [...tasks.keys()][0] ?? "";
  for (const priority of ["high", "urgent"]) await browser.post(`/tasks/${id}/priority?back=/today`, { priority });
  return { browser, id, task: () => tasks.get(id) };
}
const asAct = { headers: { "hx-request": "true", "x-part": "act" } };

test("each undo goes one change further back, and passes over what it wrote itself", async () => {
  const { browser, task } = await openTask();
  const passed: string[] = [];
  const undo = async () => {
    const answer = await browser.post("/undo", new URLSearchParams(passed.map((id) => ["skip", id])), asAct);
    passed.push(...(/data-passed="([^"]*)"/.exec(answer.text)?.[1] ?? "").split(" "));
    return answer;
  };
  expect((await undo()).text).toContain("Taken back: ");
  expect(task()?.priority).toBe("high");
  await undo();
  expect(task()?.priority).toBe("medium");
});

test("a change of the history is taken back by its button, without a script", async () => {
  const { browser, id, task } = await openTask();
  const page = await browser.submit(await browser.get(`/tasks/${id}/history`), "/history/");
  expect(page.path).toBe(`/tasks/${id}/history`);
  expect(wordsOf(page.text)).toContain("Taken back: “Tune”.");
  expect(task()?.priority).toBe("high");
});
