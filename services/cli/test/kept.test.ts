import { expect, test } from "bun:test";
import type { Task } from "@carillon/contracts/http/tasks";
import { noteList, noteTask, titleOf } from "../src/kept/known-tasks.ts";
import { lastStep, noteStep } from "../src/kept/steps.ts";
import { openStore } from "../src/kept/store.ts";
import { machine, task } from "./rig.ts";

/** Only what is kept of a task has to be right. */
const made = (title: string): Task => task({ title }) as unknown as Task;

test("two thousand tasks are known by a part of their id; the one seen longest ago is forgotten", () => {
  const here = machine("http://localhost");
  const store = openStore({ env: {}, home: here.home, err: () => {} });
  const [oldest, second] = [made("oldest"), made("second")];
  noteTask(store, "me", oldest);
  noteTask(store, "me", second);
  const page = Array.from({ length: 1_000 }, (_, at) => made(`task ${at}`));
  noteList(store, "me", page);
  noteList(
    store,
    "me",
    page.slice(0, 998).map(({ title }) => made(title)),
  );
  expect(titleOf(store, "me", oldest.id)).toBe("oldest");
  noteTask(store, "me", made("one more"));
  expect([oldest, second].map(({ id }) => titleOf(store, "me", id))).toEqual([null, "second"]);
  store.close();
  here.dispose();
});

test("fifty changes can be taken back, the latest first", () => {
  const here = machine("http://localhost");
  const store = openStore({ env: {}, home: here.home, err: () => {} });
  for (let at = 0; at < 60; at++) noteStep(store, "me", { say: `step ${at}`, batch: String(at) });
  expect(lastStep(store, "me")?.step.say).toBe("step 59");
  expect(lastStep(store, "another")).toBeNull();
  const kept = store.db.query<{ count: number }, []>("select count(*) as count from steps").get();
  expect(kept?.count).toBe(50);
  store.close();
  here.dispose();
});

test("where nothing can be kept it says so, and changes still go out", async () => {
  const here = machine("http://127.0.0.1:1", { home: "/proc/none" });
  const { code, err } = await here.carillon("add", "x");
  expect(code).toBe(75);
  expect(err).toContain("sent now, or not at all");
  expect(err).toContain("The change is lost");
  here.dispose();
});
