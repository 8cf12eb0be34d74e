import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Task } from "@carillon/contracts/http/tasks";
import { createApp } from "../src/app.ts";
import { createBelongingsCache } from "../src/tasks/belongings.ts";
import { type Client, clientOf } from "./client.ts";
import { type Harness, startApi } from "./harness.ts";

let api: Harness;
let as: Client;
let token: string;
/** Another replica: the same database, and a memory of its own. */
let other: ReturnType<typeof createApp>;
beforeAll(async () => {
  api = await startApi();
  const person = await api.signUp();
  token = person.token;
  as = clientOf(api, person);
  other = createApp({ ...api.deps, belongings: createBelongingsCache() });
});
afterAll(() => api.close());

/** The task as the other replica lists it. */
async function listed(id: string, query = ""): Promise<Task | undefined> {
  const request = new Request(`http://localhost/api/tasks?limit=100${query}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const page = (await (await other.handle(request)).json()) as { data: Task[] };
  return page.data.find((task) => task.id === id);
}

const namesOf = (task: Task | undefined): string[] => task?.tags.map(({ name }) => name) ?? [];

test("a list shows each change of tags and reminders that another replica made, at once", async () => {
  const { id } = await as.make({ tags: ["home"], due_date: "2030-01-01T10:00:00Z" });
  const home = (await as.get("/api/tags")).body.data[0];
  expect(namesOf(await listed(id))).toEqual(["home"]);
  expect((await listed(id))?.reminders).toEqual([]);

  expect((await as.put(`/api/tags/${home.id}`, { name: "house", color: "#123456" })).status).toBe(200);
  expect((await listed(id))?.tags).toEqual([{ id: home.id, name: "house", color: "#123456" }]);
  expect(await listed(id, "&tag=home")).toBeUndefined();
  expect(await listed(id, "&tag=house")).toBeDefined();
  expect(await listed(id, "&search=house")).toBeDefined();

  await as.patch(`/api/tasks/${id}`, { reminders: [{ before: "1h" }] });
  expect((await listed(id))?.reminders).toHaveLength(1);
  await as.patch(`/api/tasks/${id}`, { reminders: [], tags: ["house", "new"] });
  expect((await listed(id))?.reminders).toEqual([]);
  expect(namesOf(await listed(id))).toEqual(["house", "new"]);

  await as.delete(`/api/tags/${home.id}`);
  expect(namesOf(await listed(id))).toEqual(["new"]);
});

test("a user with more tags and reminded tasks than are remembered sees all of them", async () => {
  const many = clientOf(api, await api.signUp());
  for (let n = 0; n < 11; n++)
    await many.make({
      tags: Array.from({ length: 20 }, (_, nth) => `tag ${n} ${nth}`),
      due_date: "2030-01-01T10:00:00Z",
    });
  const tasks = await many.list("?limit=100");
  expect(tasks.every(({ tags }) => tags.length === 20)).toBe(true);
  expect(await many.titles("?tag=tag 10 19")).toHaveLength(1);
});

/** A connection on which every user has 200 tags, and no reminders, at change number 1. */
function manyTags() {
  let reads = 0;
  const tags = Array.from({ length: 200 }, (_, n) => ({ id: `${n}`, name: `${n}`, color: "", name_key: `${n}` }));
  const db = async () => {
    reads++;
    return [{ change_seq: 1, tags, reminded: [] }];
  };
  return { db: db as never, reads: () => reads };
}

test("of all users' belongings a bounded number is remembered, and those used longest ago are evicted", async () => {
  const { db, reads } = manyTags();
  const cache = createBelongingsCache();
  for (let n = 0; n < 300; n++) {
    await cache.read(db, `user ${n}`, 1);
    await cache.read(db, "often", 1);
  }
  expect(cache.size).toBeLessThanOrEqual(50_000);
  const before = reads();
  await cache.read(db, "often", 1);
  expect(reads()).toBe(before);
  await cache.read(db, "user 0", 1);
  expect(reads()).toBe(before + 1);
});

test("what was read at an older change number is read again", async () => {
  const { db, reads } = manyTags();
  const cache = createBelongingsCache();
  await cache.read(db, "ada", 1);
  await cache.read(db, "ada", 1);
  expect(reads()).toBe(1);
  await cache.read(db, "ada", 2);
  expect(reads()).toBe(2);
});

test("searches and lists of a tag read no list of pending entries", async () => {
  const [index] = await api.sql<{ options: string[] | null }[]>`
    select reloptions as options from pg_class where oid = 'api.tasks_search'::regclass`;
  expect(index?.options).toContain("fastupdate=off");
});
