import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { purgeTrash } from "../src/tasks/index.ts";
import { type Client, clientOf } from "./client.ts";
import { type Harness, type Person, startApi } from "./harness.ts";
import { expectWhole } from "./oracle.ts";

let api: Harness;
let ada: Person;
let as: Client;
beforeAll(async () => {
  api = await startApi({ sessionMinutes: 525_600 });
  api.onInvoke((_, request) => Response.json({ data: [], next_cursor: null, asked: new URL(request.url).search }));
  ada = await api.signUp();
  as = clientOf(api, ada);
});
afterEach(() => expectWhole(api.sql));
afterAll(() => api.close());

const day = 86_400_000;

describe("the trash", () => {
  test("takes a task with its version, and returns it as it was", async () => {
    const task = await as.make({ tags: ["x"], due_date: "2199-01-01T00:00:00Z", description: "b" });
    const gone = await as.delete(`/api/tasks/${task.id}`);
    expect(gone).toMatchObject({ status: 204, body: null });
    const [trashed] = await as.list("?deleted=true");
    expect(trashed).toEqual({ ...task, version: 2, deleted_at: api.clock.now().toISOString() });
    const back = await as.post(`/api/tasks/${task.id}/restore`);
    expect(back).toMatchObject({ status: 200, body: { ...task, version: 3 } });
    expect(back.headers.get("etag")).toBe('"3"');
  });

  test("hides a task from everything but restore, history and deleted=true", async () => {
    const { id } = await as.make();
    await as.delete(`/api/tasks/${id}`);
    const path = `/api/tasks/${id}`;
    const hidden = await Promise.all([
      as.get(path),
      as.put(path, { title: "a" }),
      as.patch(path, { title: "a" }),
      as.patch(path, { title: 1 }),
      as.delete(path),
      as.patch(`${path}/complete`),
      as.patch(`${path}/incomplete`),
    ]);
    expect(hidden.map(({ status }) => status)).toEqual(Array(7).fill(404));
    expect((await as.list()).map((task) => task.id)).not.toContain(id);
    expect((await as.get(`${path}/history`)).status).toBe(200);
    expect((await as.list("?deleted=true")).map((task) => task.id)).toEqual([id]);
    expect((await as.post(`${path}/restore`)).status).toBe(200);
    expect(await as.list("?deleted=true")).toEqual([]);
  });

  test("restoring a live task is 200 and changes nothing, repeatedly", async () => {
    const task = await as.make();
    for (let times = 0; times < 3; times++) {
      expect(await as.post(`/api/tasks/${task.id}/restore`)).toMatchObject({ status: 200, body: task });
    }
    await as.delete(`/api/tasks/${task.id}`);
    for (let times = 0; times < 3; times++) {
      expect(await as.post(`/api/tasks/${task.id}/restore`)).toMatchObject({ status: 200, body: { version: 3 } });
    }
  });

  test("a completed task comes back completed", async () => {
    const { id } = await as.make();
    const { completed_at } = (await as.patch(`/api/tasks/${id}/complete`)).body;
    await as.delete(`/api/tasks/${id}`);
    expect((await as.post(`/api/tasks/${id}/restore`)).body).toMatchObject({ completed: true, completed_at });
  });
});

describe("after 30 days in the trash", () => {
  test("a task is removed permanently: row, reminders, history link; its last event and a tombstone remain", async () => {
    const old = await as.make({ title: "old", tags: ["x"], reminder_at: "2199-01-01T00:00:00Z" });
    await as.delete(`/api/tasks/${old.id}`);
    api.clock.advance(30 * day);
    const { id } = await as.make({ title: "young" });
    await as.delete(`/api/tasks/${id}`);
    expect(await purgeTrash(api.deps)).toBe(0);
    api.clock.advance(1);
    expect(await purgeTrash(api.deps)).toBe(1);
    expect(await purgeTrash(api.deps)).toBe(0);

    expect(await as.titles("?deleted=true")).toEqual(["young"]);
    expect((await as.post(`/api/tasks/${old.id}/restore`)).status).toBe(404);
    expect((await as.get(`/api/tasks/${old.id}/history`)).status).toBe(404);
    expect(await api.sql`select id from api.reminders where task_id = ${old.id}`).toHaveLength(0);
    const last = (await api.outbox(ada.user.id)).filter((row) => row.entity_id === old.id).at(-1);
    expect(last).toMatchObject({
      type: "task.purged",
      event: { data: { actor: "system", version: 3, task_data: { id: old.id, title: "old" } } },
    });
    const [tombstone] = await api.sql`select type, id from api.tombstones where user_id = ${ada.user.id}`;
    expect(tombstone).toEqual({ type: "task", id: old.id });
  });

  test("of several users and more than one full round, all go", async () => {
    const bob = await api.signUp();
    const asBob = clientOf(api, bob);
    const many = await Promise.all(Array.from({ length: 120 }, () => asBob.make()));
    for (const { id } of many) await asBob.delete(`/api/tasks/${id}`);
    const kept = await asBob.make({ title: "kept" });
    api.clock.advance(31 * day);
    expect(await purgeTrash(api.deps)).toBe(121);
    expect(await as.list("?deleted=true")).toEqual([]);
    expect((await asBob.listAll()).map((task) => task.id)).toEqual([kept.id]);
  });
});
