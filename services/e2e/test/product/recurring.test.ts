import { afterAll, beforeAll, expect, test } from "bun:test";
import { dayIn, instantOf } from "@carillon/calendar/zone";
import type { Task } from "@carillon/contracts/http/tasks";
import { until } from "@carillon/testing/until";
import postgres from "postgres";
import { type Person, signUp } from "../../src/client.ts";
import { listen } from "../../src/live.ts";
import { type Product, startProduct } from "../../src/product.ts";
import { testIn } from "../../src/test-in.ts";

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product.dispose());

const zone = "Europe/Berlin";

/** Nine o'clock of a day in Berlin, counted from today. */
const nine = (days: number): string =>
  instantOf({ day: dayIn(new Date(), zone) + days, timeMs: 9 * 3_600_000 }, zone).toISOString();

const makeStandup = (person: Person, title = "Team standup"): Promise<Task> =>
  person.createTask({ title, recurring_pattern: "daily", due_date: nine(0), time_zone: zone, tags: ["work"] });

const successorsOf = async (person: Person, id: string): Promise<Task[]> =>
  (await person.tasks("?limit=100")).data.filter((task) => task.parent_task_id === id);

/** The one successor, once it is there. */
async function successorOf(person: Person, id: string, limitMs = 2_000): Promise<Task> {
  let found: Task[] = [];
  await until(
    "the next occurrence is there",
    async () => {
      found = await successorsOf(person, id);
      return found.length > 0;
    },
    limitMs,
  );
  expect(found).toHaveLength(1);
  const [task] = found;
  if (!task) throw new Error("There is none.");
  return task;
}

/** A task's history, oldest first, with the actors. */
async function told(person: Person, id: string): Promise<string[]> {
  const { data } = await person.history(id);
  return data.map(({ action, actor }) => `${action} ${actor}`).reverse();
}

test("create daily Team standup 9 AM, complete it: tomorrow 9 AM within two seconds, on every screen and in the history", async () => {
  const ada = await signUp(product.api, "ada");
  const stream = await listen(`${product.realtime}/stream`, ada.token);
  const task = await makeStandup(ada);
  await ada.completeTask(task.id);
  const next = await successorOf(ada, task.id);
  expect(next).toMatchObject({ title: "Team standup", due_date: nine(1), completed: false, series_id: task.id });
  const isHeard = (id: string, type: string) =>
    stream.frames.some(({ data }) => data.includes(id) && data.includes(`"${type}"`));
  await until("the screens get it", () => isHeard(next.id, "task.created"), 2_000);
  stream.close();
  await until("the history has it", async () => (await told(ada, task.id)).length === 3, 2_000);
  expect(await told(ada, task.id)).toEqual([
    "task.created user",
    "task.completed user",
    "occurrence.generated recurring",
  ]);
  expect(await told(ada, next.id)).toEqual(["task.created recurring"]);
  expect((await ada.verifyHistory()).ok).toBe(true);
  expect(await product.figures("api")).toMatch(/^occurrences_created_total [1-9]/m);
  expect(await product.figures("recurring")).toMatch(/^rrule_calculation_duration_seconds_count [1-9]/m);
});

test("undoing the completion removes the next one again, from screens, lists and trash", async () => {
  const ada = await signUp(product.api, "undo");
  const stream = await listen(`${product.realtime}/stream`, ada.token);
  const task = await makeStandup(ada);
  await ada.completeTask(task.id);
  const next = await successorOf(ada, task.id);
  expect((await ada.call("PATCH", `/api/tasks/${task.id}/incomplete`)).status).toBe(200);
  expect((await ada.tasks()).data.map(({ id }) => id)).toEqual([task.id]);
  expect((await ada.tasks("?deleted=true")).data).toEqual([]);
  await until(
    "the screens get it",
    () => stream.frames.some(({ data }) => data.includes(next.id) && data.includes('"task.purged"')),
    2_000,
  );
  stream.close();
  await ada.completeTask(task.id);
  expect((await successorOf(ada, task.id)).id).toBe(next.id);
});

test("a skipped date moves the task on, and completing continues from there", async () => {
  const ada = await signUp(product.api, "skip");
  const task = await makeStandup(ada);
  const answer = await ada.call("POST", `/api/tasks/${task.id}/skip`);
  expect(answer.status).toBe(200);
  const skipped: Task = JSON.parse(await answer.text());
  expect([skipped.id, skipped.due_date]).toEqual([task.id, nine(1)]);
  await ada.completeTask(task.id);
  expect((await successorOf(ada, task.id)).due_date).toBe(nine(2));
});

test("a series that ends is reported in the history, and creates no further task", async () => {
  const ada = await signUp(product.api, "end");
  const once = { title: "Once", recurring_pattern: "FREQ=DAILY;COUNT=1", due_date: nine(0), time_zone: zone };
  const task = await ada.createTask(once);
  await ada.completeTask(task.id);
  await until("the history has it", async () => (await told(ada, task.id)).includes("series.ended recurring"), 2_000);
  expect(await successorsOf(ada, task.id)).toEqual([]);
});

const losing = "the events are lost in the table that is the bus of the embedded product";
const losesNothing = "events lost by the bus lose no occurrence: recurring's sweep finds them (G14)";
testIn(
  "embedded",
  losing,
  losesNothing,
  async () => {
    const ada = await signUp(product.api, "lost");
    const db = postgres(product.databaseUrl(), { max: 1, onnotice: () => {} });
    try {
      await db.unsafe(`
      create function bus.lose() returns trigger language plpgsql as $$ begin return null; end $$;
      create trigger lose before insert on bus.delivery for each row
        when (new.subscriber = 'recurring:task-events') execute function bus.lose()`);
      const task = await makeStandup(ada);
      await ada.completeTask(task.id);
      await Bun.sleep(1_000);
      expect(await successorsOf(ada, task.id)).toEqual([]);
      expect((await successorOf(ada, task.id, 20_000)).due_date).toBe(nine(1));
    } finally {
      await db.unsafe("drop trigger if exists lose on bus.delivery; drop function if exists bus.lose()");
      await db.end();
    }
  },
  40_000,
);

test("SIGKILL between completion and successor: after a restart each confirmed completion has exactly one (G14, G24)", async () => {
  const ada = await signUp(product.api, "killed");
  for (let round = 1; round <= 3; round++) {
    const tasks = await Promise.all(Array.from({ length: 20 }, (_, at) => makeStandup(ada, `${round}.${at}`)));
    const confirmed: string[] = [];
    const completing = Promise.all(
      tasks.map(async ({ id }) => {
        const response = await ada.call("PATCH", `/api/tasks/${id}/complete`).catch(() => null);
        if (response?.status === 200) confirmed.push(id);
      }),
    );
    await until("some are completed", () => confirmed.length >= 4 * round, 10_000);
    await product.kill();
    await completing;
    await product.restart();
    for (const id of confirmed) await successorOf(ada, id, 20_000);
    // Everything on its way has arrived: none has a second one, and no pending task has any.
    await Bun.sleep(500);
    for (const { id } of tasks) {
      const { completed } = await ada.task(id);
      expect(completed || !confirmed.includes(id)).toBe(true);
      if (completed) await successorOf(ada, id, 20_000);
      expect(await successorsOf(ada, id)).toHaveLength(completed ? 1 : 0);
    }
    for (const { id } of (await ada.tasks("?limit=100&status=pending")).data) {
      expect((await ada.call("DELETE", `/api/tasks/${id}`)).status).toBe(204);
    }
  }
}, 120_000);
