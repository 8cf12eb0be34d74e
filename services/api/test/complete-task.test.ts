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

describe("completing and undoing it", () => {
  test("both take effect once, however often they are called", async () => {
    const { id } = await as.make();
    api.clock.advance(5_000);
    const done = await as.patch(`/api/tasks/${id}/complete`);
    expect(done).toMatchObject({
      status: 200,
      body: { status: "completed", completed: true, completed_at: api.clock.now().toISOString(), version: 2 },
    });
    api.clock.advance(5_000);
    expect((await as.patch(`/api/tasks/${id}/complete`)).body).toEqual(done.body);
    const open = await as.patch(`/api/tasks/${id}/incomplete`);
    expect(open).toMatchObject({
      status: 200,
      body: { status: "pending", completed: false, completed_at: null, version: 3 },
    });
    expect((await as.patch(`/api/tasks/${id}/incomplete`)).body).toEqual(open.body);
    const types = (await api.outbox(ada.user.id)).filter(({ entity_id }) => entity_id === id).map(({ type }) => type);
    expect(types).toEqual(["task.created", "task.completed", "task.reopened"]);
  });

  test("a completed task can still be edited", async () => {
    const { id } = await as.make();
    await as.patch(`/api/tasks/${id}/complete`);
    expect((await as.patch(`/api/tasks/${id}`, { title: "b" })).body).toMatchObject({ title: "b", completed: true });
  });
});
