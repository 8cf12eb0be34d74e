import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { type Client, clientOf } from "./client.ts";
import { type Harness, type Person, startApi } from "./harness.ts";
import { expectWhole } from "./oracle.ts";

let api: Harness;
let ada: Person;
let as: Client;
beforeAll(async () => {
  api = await startApi();
  ada = await api.signUp();
  as = clientOf(api, ada);
});
afterEach(() => expectWhole(api.sql));
afterAll(() => api.close());

const twenty = <Result>(work: (n: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: 20 }, (_, n) => work(n)));
const statusesOf = (answers: { status: number }[]): number[] => answers.map(({ status }) => status).toSorted();
const titlesSaid = async (id: string): Promise<unknown[]> =>
  (await api.outbox(ada.user.id))
    .filter((row) => row.entity_id === id)
    .map(({ event }) => (event.data.task_data as { title: string }).title);

describe("twenty at once", () => {
  test("that all saw version 1: exactly one passes, nineteen get 412, nothing is lost", async () => {
    const { id } = await as.make();
    const answers = await twenty((n) => as.patch(`/api/tasks/${id}`, { title: `title ${n}` }, { "if-match": '"1"' }));
    expect(statusesOf(answers)).toEqual([200, ...Array(19).fill(412)]);
    const passed = answers.find(({ status }) => status === 200);
    expect((await as.get(`/api/tasks/${id}`)).body).toEqual(passed?.body);
    expect(passed?.body.version).toBe(2);
  });

  test("that read, add one and retry on 412: every one of them counts", async () => {
    const { id } = await as.make({ description: "0" });
    let refusals = 0;
    await twenty(async () => {
      for (;;) {
        const { body, headers } = await as.get(`/api/tasks/${id}`);
        const next = { description: String(Number(body.description) + 1) };
        const { status } = await as.patch(`/api/tasks/${id}`, next, { "if-match": headers.get("etag") ?? "" });
        if (status === 200) return;
        expect(status).toBe(412);
        refusals++;
      }
    });
    expect((await as.get(`/api/tasks/${id}`)).body).toMatchObject({ description: "20", version: 21 });
    expect(refusals).toBeGreaterThan(0);
  });

  test("without a condition: twenty versions, twenty events, the last one stays", async () => {
    const { id } = await as.make();
    const answers = await twenty((n) => as.patch(`/api/tasks/${id}`, { title: `title ${n}` }));
    expect(answers.map(({ body }) => body.version).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, n) => n + 2),
    );
    const said = await titlesSaid(id);
    expect(said).toHaveLength(21);
    expect((await as.get(`/api/tasks/${id}`)).body.title).toBe(String(said.at(-1)));
  });

  test("on different fields: all of them arrive", async () => {
    const { id } = await as.make();
    await Promise.all([
      as.patch(`/api/tasks/${id}`, { title: "t" }),
      as.patch(`/api/tasks/${id}`, { description: "d" }),
      as.patch(`/api/tasks/${id}`, { priority: "high" }),
      as.patch(`/api/tasks/${id}`, { tags: ["x"] }),
      as.patch(`/api/tasks/${id}`, { due_date: "2199-01-01T00:00:00Z" }),
      as.patch(`/api/tasks/${id}/complete`),
    ]);
    expect((await as.get(`/api/tasks/${id}`)).body).toMatchObject({
      title: "t",
      description: "d",
      priority: "high",
      tags: [{ name: "x" }],
      due_date: "2199-01-01T00:00:00.000Z",
      completed: true,
      version: 7,
    });
  });

  test("completing, deleting, restoring: one effect each", async () => {
    const { id } = await as.make();
    expect((await twenty(() => as.patch(`/api/tasks/${id}/complete`))).map(({ body }) => body.version)).toEqual(
      Array(20).fill(2),
    );
    expect(statusesOf(await twenty(() => as.delete(`/api/tasks/${id}`)))).toEqual([204, ...Array(19).fill(404)]);
    expect((await twenty(() => as.post(`/api/tasks/${id}/restore`))).map(({ body }) => body.version)).toEqual(
      Array(20).fill(4),
    );
  });

  test("naming the same new tag: one tag", async () => {
    const made = await twenty((n) => as.make({ tags: [n % 2 ? "Shared" : "shared"] }));
    expect(new Set(made.map((task) => task.tags[0]?.id)).size).toBe(1);
    expect(statusesOf(await twenty(() => as.post("/api/tags", { name: "rivalry" })))).toEqual([
      201,
      ...Array(19).fill(409),
    ]);
  });
});

test("two users do not wait for each other", async () => {
  const bob = clientOf(api, await api.signUp());
  const holding = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const holder = api.sql.begin(async (tx) => {
    await tx`select 1 from api.users where id = ${ada.user.id} for update`;
    held.resolve();
    await holding.promise;
  });
  await held.promise;
  const adas = as.make({ title: "waits" });
  expect((await bob.make({ title: "goes on" })).version).toBe(1);
  expect(await as.titles("?search=waits")).toEqual([]);
  holding.resolve();
  await holder;
  expect((await adas).title).toBe("waits");
});

describe("batches at once", () => {
  test("over the same tasks, and an edit between, leave every change said and every version counted", async () => {
    const tasks = await Promise.all(Array.from({ length: 8 }, async () => as.make()));
    const ids = tasks.map(({ id }) => id);
    const patches = ["low", "high", "urgent"].map((priority) => ({ action: "patch", ids, patch: { priority } }));
    const batches = await Promise.all([
      ...patches.map((body) => as.post("/api/tasks/batch", body)),
      ...ids.map((id, n) => as.patch(`/api/tasks/${id}`, { title: `edited ${n}` })),
    ]);
    expect(new Set(statusesOf(batches))).toEqual(new Set([200]));
    for (const id of ids) {
      const { body } = await as.get(`/api/tasks/${id}`);
      expect(await titlesSaid(id)).toHaveLength(body.version);
    }
  });

  test("undone twenty times at once: it is taken back once", async () => {
    const task = await as.make();
    const { body } = await as.post("/api/tasks/batch", { action: "complete", ids: [task.id] });
    const answers = await twenty(() => as.post(`/api/batches/${body.batch_id}/undo`));
    expect(answers.map((answered) => answered.body.undone.length).toSorted()).toEqual([...Array(19).fill(0), 1]);
    expect((await as.get(`/api/tasks/${task.id}`)).body).toMatchObject({ completed: false, version: 3 });
  });

  test("undone while it is changed: the change stays, in either order", async () => {
    const task = await as.make({ priority: "low" });
    const patch = { action: "patch", ids: [task.id], patch: { priority: "urgent" } };
    const { body } = await as.post("/api/tasks/batch", patch);
    await Promise.all([
      as.post(`/api/batches/${body.batch_id}/undo`),
      as.patch(`/api/tasks/${task.id}`, { priority: "high" }),
    ]);
    expect((await as.get(`/api/tasks/${task.id}`)).body.priority).toBe("high");
  });
});
