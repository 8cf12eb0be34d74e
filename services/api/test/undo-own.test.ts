import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { occurrenceId } from "@carillon/calendar/recurrence";
import { appTokenHeader } from "@carillon/contracts/names";
import { asOneBatch } from "./as-one-batch.ts";
import { type Client, clientOf } from "./client.ts";
import { appToken, type Harness, type Person, startApi } from "./harness.ts";
import { expectWhole } from "./oracle.ts";

let api: Harness;
let ada: Person;
let as: Client;
const start = Date.parse("2026-11-30T12:00:00Z");
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  api.clock.advance(start - api.clock.now().getTime());
  ada = await api.signUp({ time_zone: "Europe/Berlin" });
  as = clientOf(api, ada);
});
afterAll(async () => {
  await expectWhole(api.sql);
  await api.close();
});

const together = (...acts: (() => Promise<unknown>)[]) => asOneBatch(api.sql, ada.user.id, acts);
const undo = async (batchId: string) => (await as.post(`/api/batches/${batchId}/undo`)).body;
const task = async (id: string) => (await as.get(`/api/tasks/${id}`)).body;
const patch = (id: string, fields: unknown) => async () => as.patch(`/api/tasks/${id}`, fields);
const verb = (id: string, name: string) => async () => as.patch(`/api/tasks/${id}/${name}`);
const make = async (...acts: ((id: string) => () => Promise<unknown>)[]) => {
  let id = "";
  const first = async () => {
    ({ id } = await as.make({ title: "New" }));
  };
  const batch = await together(first, ...acts.map((act) => async () => act(id)()));
  return { id, batch };
};
const follow = async (id: string, due_date: string) => {
  const { version } = await task(id);
  const body = { user_id: ada.user.id, parent_task_id: id, parent_version: version, due_date, ordinal: null };
  const headers = { [appTokenHeader]: appToken };
  expect((await api.call("PUT", `/internal/tasks/${occurrenceId(id)}`, { body, headers })).status).toBe(201);
  return occurrenceId(id);
};
/** That undoing it again changes nothing and names nothing. */
const expectSettled = async (batch: string) => {
  const before = await api.outbox(ada.user.id);
  expect(await undo(batch)).toMatchObject({ undone: [], kept: [] });
  expect((await api.outbox(ada.user.id)).length).toBe(before.length);
};

describe("G30: what a batch changed several times itself", () => {
  test("a task that it made and completed goes, once, and comes back completed", async () => {
    const { id, batch } = await make((id) => verb(id, "complete"));
    const { completed_at } = await task(id);
    const undone = await undo(batch);
    expect(undone).toMatchObject({ undone: [{ task_id: id }], kept: [] });
    expect((await as.get(`/api/tasks/${id}`)).status).toBe(404);
    await expectSettled(batch);
    expect(await undo(undone.batch_id)).toMatchObject({ kept: [] });
    expect(await task(id)).toMatchObject({ completed_at, deleted_at: null });
    await expectSettled(undone.batch_id);
  });

  test("a repeating task that it made and completed goes with the next one", async () => {
    let id = "";
    const first = async () => {
      ({ id } = await as.make({ due_date: "2026-12-07T09:00:00Z", recurring_pattern: "daily" }));
    };
    const batch = await together(first, async () => verb(id, "complete")());
    await follow(id, "2026-12-08T09:00:00Z");
    expect((await undo(batch)).kept).toEqual([]);
    expect(await as.list()).toEqual([]);
    await expectSettled(batch);
  });

  test("a task that it made, changed and threw away is left in the trash", async () => {
    const { batch } = await make(
      (id) => patch(id, { title: "Renamed" }),
      (id) => async () => as.delete(`/api/tasks/${id}`),
    );
    await expectSettled(batch);
  });

  test("of a field changed twice the first value comes back", async () => {
    const { id } = await as.make({ title: "a", due_date: "2026-12-07T09:00:00Z", tags: ["x"] });
    const before = await task(id);
    const batch = await together(
      patch(id, { title: "b", priority: "low", due_date: "2026-12-08T09:00:00Z", tags: ["y"] }),
      patch(id, { title: "c", due_date: "2026-12-09T09:00:00Z", recurring_pattern: "daily", tags: [] }),
      verb(id, "complete"),
      patch(id, { description: "d", reminders: [{ before: "1h" }] }),
    );
    const done = await task(id);
    const undone = await undo(batch);
    expect(undone.kept).toEqual([]);
    const same = (one: object) => ({ ...one, version: 0, updated_at: "" });
    expect(same(await task(id))).toEqual(same(before));
    await expectSettled(batch);
    await undo(undone.batch_id);
    const redone = await task(id);
    expect(redone.reminders).toMatchObject([{ before: "1h", state: "cancelled" }]);
    expect(same({ ...redone, reminders: done.reminders })).toEqual(same(done));
    await expectSettled(undone.batch_id);
  });

  test("completed, reopened and moved, it is open at its first date", async () => {
    const { id, due_date } = await as.make({ due_date: "2026-12-07T09:00:00Z", reminders: [{ before: "1h" }] });
    const batch = await together(
      verb(id, "complete"),
      verb(id, "incomplete"),
      patch(id, { due_date: "2026-12-09T09:00:00Z" }),
    );
    expect((await undo(batch)).kept).toEqual([]);
    expect(await task(id)).toMatchObject({ due_date, completed: false, reminders: [{ state: "pending" }] });
    await expectSettled(batch);
  });
});

describe("G30: what another change touched of a batch that changed it several times", () => {
  test("keeps the task that was made, named once, with what was not touched taken back", async () => {
    const { id, batch } = await make(
      (id) => patch(id, { title: "b", priority: "low" }),
      (id) => patch(id, { title: "c" }),
    );
    await patch(id, { title: "mine" })();
    const { kept } = await undo(batch);
    expect(kept).toEqual([
      { task_id: id, tag_id: null, title: "mine", field: "title", reason: "changed" },
      { task_id: id, tag_id: null, title: "mine", field: null, reason: "changed" },
    ]);
    expect(await task(id)).toMatchObject({ title: "mine", priority: "medium" });
  });

  test("between its changes keeps the task that was made", async () => {
    const { id } = await as.make({ title: "New" });
    await patch(id, { description: "mine" })();
    await verb(id, "complete")();
    const [batch] = [crypto.randomUUID()];
    await api.sql`
      update api.outbox set batch_id = ${batch}
      where user_id = ${ada.user.id} and type in ('task.created', 'task.completed')`;
    expect((await undo(batch)).kept).toMatchObject([{ task_id: id, field: null, reason: "changed" }]);
    expect(await task(id)).toMatchObject({ description: "mine", completed: false, deleted_at: null });
  });

  test("is not overwritten where it happens to be a value on the batch's way", async () => {
    const dates = ["2026-12-07", "2026-12-08", "2026-12-09"].map((day) => `${day}T09:00:00.000Z`);
    const { id } = await as.make({ title: "a", due_date: dates[0] });
    const batch = await together(
      patch(id, { title: "b", due_date: dates[1] }),
      patch(id, { title: "c", due_date: dates[2] }),
    );
    await patch(id, { title: "b", due_date: dates[1] })();
    expect((await undo(batch)).kept).toMatchObject([
      { field: "title", reason: "changed" },
      { field: "due_date", reason: "changed" },
    ]);
    expect(await task(id)).toMatchObject({ title: "b", due_date: dates[1] });
  });
});

test("G30: a tag that the batch made, renamed and put on a task it made goes with the task", async () => {
  const kept = await as.makeTag("kept");
  const batch = await together(
    async () => as.make({ title: "New", tags: ["new"] }),
    async () => {
      const { body } = await as.get("/api/tags");
      const { id } = body.data.find(({ name }: { name: string }) => name === "new");
      await as.put(`/api/tags/${id}`, { name: "newer" });
    },
    async () => as.put(`/api/tags/${kept.id}`, { name: "b" }),
    async () => as.put(`/api/tags/${kept.id}`, { name: "c" }),
  );
  expect((await undo(batch)).kept).toEqual([]);
  expect((await as.get("/api/tags")).body.data.map(({ name }: { name: string }) => name)).toEqual(["kept"]);
  await expectSettled(batch);
});
