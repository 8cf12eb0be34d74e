import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { occurrenceId } from "@carillon/calendar/recurrence";
import { appTokenHeader } from "@carillon/contracts/names";
import { purgeTrash } from "../src/tasks/purge-trash.ts";
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

const batch = async (action: string, ids: readonly string[], patch?: unknown): Promise<string> => {
  const { status, body } = await as.post("/api/tasks/batch", { action, ids, ...(patch ? { patch } : {}) });
  expect(status).toBe(200);
  return body.batch_id;
};
const undo = async (batchId: string) => (await as.post(`/api/batches/${batchId}/undo`)).body;
const task = async (id: string) => (await as.get(`/api/tasks/${id}`)).body;
/** The id of the newest event about it. */
async function lastEntry(id: string, type?: string): Promise<string> {
  const rows = await api.sql<{ event_id: string }[]>`
    select event_id from api.outbox where user_id = ${ada.user.id} and entity_id = ${id}
      ${type ? api.sql`and type = ${type}` : api.sql``} order by change_seq desc limit 1`;
  return rows[0]?.event_id ?? "";
}
const revert = async (id: string, type?: string) =>
  (await as.post(`/api/audit/${await lastEntry(id, type)}/revert`)).body;
const follow = async (id: string, due_date: string) => {
  const { version } = await task(id);
  const body = { user_id: ada.user.id, parent_task_id: id, parent_version: version, due_date, ordinal: null };
  const headers = { [appTokenHeader]: appToken };
  expect((await api.call("PUT", `/internal/tasks/${occurrenceId(id)}`, { body, headers })).status).toBe(201);
  return occurrenceId(id);
};

describe("G30: undoing a batch", () => {
  test("takes back what nothing changed since, and names the rest", async () => {
    const [one, two] = [await as.make({ title: "One" }), await as.make({ title: "Two" })];
    const id = await batch("patch", [one.id, two.id], { priority: "urgent", tags: ["now"] });
    await as.patch(`/api/tasks/${two.id}`, { priority: "low", title: "Two, renamed" });
    const answered = await undo(id);
    expect(answered.undone).toEqual([
      { task_id: two.id, tag_id: null, title: "Two, renamed", fields: ["tags"] },
      { task_id: one.id, tag_id: null, title: "One", fields: ["priority", "tags"] },
      { task_id: null, tag_id: expect.any(String), title: "now", fields: ["name"] },
    ]);
    expect(answered.kept).toEqual([
      { task_id: two.id, tag_id: null, title: "Two, renamed", field: "priority", reason: "changed" },
    ]);
    expect(await task(one.id)).toMatchObject({ priority: "medium", tags: [], version: 3 });
    expect(await task(two.id)).toMatchObject({ priority: "low", title: "Two, renamed", tags: [] });
  });

  test("again changes nothing; undoing the undoing does it again", async () => {
    const one = await as.make();
    const id = await batch("patch", [one.id], { priority: "urgent" });
    const first = await undo(id);
    expect(await undo(id)).toMatchObject({ undone: [], kept: [] });
    await undo(first.batch_id);
    expect(await task(one.id)).toMatchObject({ priority: "urgent", version: 4 });
  });

  test("of completions reopens them, plans their reminders and removes an untouched next task", async () => {
    const fields = {
      due_date: "2026-12-07T09:00:00+01:00",
      recurring_pattern: "weekly",
      reminders: [{ before: "1h" }],
    };
    const [bins, plants] = [await as.make({ title: "Bins", ...fields }), await as.make({ title: "Plants", ...fields })];
    const id = await batch("complete", [bins.id, plants.id]);
    const next = await follow(bins.id, "2026-12-14T09:00:00+01:00");
    const touched = await follow(plants.id, "2026-12-14T09:00:00+01:00");
    await as.patch(`/api/tasks/${touched}`, { title: "Plants, later" });
    const { kept } = await undo(id);
    expect(kept).toEqual([{ task_id: touched, tag_id: null, title: "Plants", field: null, reason: "changed" }]);
    expect((await as.get(`/api/tasks/${next}`)).status).toBe(404);
    expect(await task(bins.id)).toMatchObject({
      completed: false,
      reminders: [{ id: bins.reminders[0]?.id, remind_at: bins.reminders[0]?.remind_at, state: "pending" }],
    });
    expect((await task(touched)).title).toBe("Plants, later");
  });

  test("of deletions brings the tasks back with their reminders, of reopenings completes them as they were", async () => {
    const one = await as.make({ due_date: "2026-12-07T09:00:00Z", reminders: [{ before: "1h" }] });
    await undo(await batch("delete", [one.id]));
    expect(await task(one.id)).toMatchObject({ deleted_at: null, reminders: [{ state: "pending" }] });
    const done = (await as.patch(`/api/tasks/${one.id}/complete`)).body;
    api.clock.advance(3_600_000);
    await undo(await batch("incomplete", [one.id]));
    expect(await task(one.id)).toMatchObject({
      completed_at: done.completed_at,
      reminders: [{ state: "cancelled", reason: "completed" }],
    });
  });

  test("of a stretch left out in many series gives the dates back", async () => {
    const plants = await as.make({
      title: "Plants",
      due_date: "2026-12-25T09:00:00+01:00",
      recurring_pattern: "FREQ=DAILY;INTERVAL=4",
      reminders: [{ before: "1h" }],
    });
    const bins = await as.make({ title: "Bins", due_date: "2026-12-21T07:00:00+01:00", recurring_pattern: "weekly" });
    const away = { all: true, from: "2026-12-24T00:00:00+01:00", until: "2027-01-04T00:00:00+01:00" };
    const { batch_id } = (await as.post("/api/series/pause", away)).body;
    const answered = await undo(batch_id);
    expect(answered).toMatchObject({ kept: [], undone: [{ title: "Plants" }, { title: "Bins" }] });
    expect(await task(plants.id)).toMatchObject({ due_date: plants.due_date, reminders: [{ state: "pending" }] });
    const dates = async () => {
      const { body } = await as.get("/api/tasks/occurrences?from=2026-12-20T00:00:00Z&to=2027-01-11T00:00:00Z");
      return body.data.map(({ due_date }: { due_date: string }) => due_date.slice(5, 10));
    };
    expect(await dates()).toContain("12-28");
    await undo(answered.batch_id);
    expect(await dates()).not.toContain("12-28");
    expect((await task(plants.id)).due_date).toBe("2027-01-06T08:00:00.000Z");
    await undo(batch_id);
    expect(await dates()).toContain("12-29");
    expect((await task(bins.id)).due_date).toBe(bins.due_date);
  });

  test("names a task that is in the trash, and one that is gone for good", async () => {
    const [one, two] = [await as.make({ title: "One" }), await as.make({ title: "Two" })];
    const id = await batch("patch", [one.id, two.id], { priority: "low" });
    await as.delete(`/api/tasks/${two.id}`);
    const later = new Date(api.clock.now().getTime() + 31 * 86_400_000);
    await purgeTrash({ ...api.deps, clock: { now: () => later } });
    await as.delete(`/api/tasks/${one.id}`);
    expect((await undo(id)).kept).toMatchObject([
      { task_id: two.id, title: null, field: null, reason: "gone" },
      { task_id: one.id, title: "One", field: null, reason: "trashed" },
    ]);
  });

  test("that never was, is another's or is no id, is not found", async () => {
    const id = await batch("patch", [(await as.make()).id], { priority: "low" });
    const bob = clientOf(api, await api.signUp());
    api.onInvoke(() => Response.json({ data: [], next_cursor: null }));
    for (const other of [id, crypto.randomUUID(), "x"])
      expect((await bob.post(`/api/batches/${other}/undo`)).status).toBe(404);
  });
});

describe("G30: reverting one change", () => {
  test("of a date takes the rule, the zone and the reminders with it", async () => {
    const one = await as.make({
      due_date: "2026-12-07T09:00:00+01:00",
      recurring_pattern: "weekly",
      reminders: [{ before: "1h" }, { at: "2026-12-06T10:00:00Z" }],
    });
    await as.patch(`/api/tasks/${one.id}`, {
      due_date: "2026-12-08T10:00:00Z",
      time_zone: "Asia/Tokyo",
      recurring_pattern: "FREQ=MONTHLY;BYDAY=1TU",
      recurrence_anchor: "completion",
      reminders: [{ before: "2h" }],
    });
    expect((await revert(one.id)).kept).toEqual([]);
    const { version: _, updated_at: __, reminders, ...back } = await task(one.id);
    expect(back).toEqual({ ...one, version: undefined, updated_at: undefined, reminders: undefined, ...back });
    const shown = (list: { before: string | null; remind_at: string | null; state: string }[]) =>
      list.map(({ before, remind_at, state }) => [before, remind_at, state]);
    expect(shown(reminders)).toEqual(shown(one.reminders));
    expect(back).toMatchObject({ series_id: one.series_id, recurrence: one.recurrence, due_date: one.due_date });
    expect((await as.post(`/api/tasks/${one.id}/skip`)).body.due_date).toBe("2026-12-14T08:00:00.000Z");
  });

  test("of a skip puts the date and the count back", async () => {
    const one = await as.make({ due_date: "2026-12-07T09:00:00Z", recurring_pattern: "FREQ=DAILY;COUNT=3" });
    await as.post(`/api/tasks/${one.id}/skip`);
    await as.post(`/api/tasks/${one.id}/skip`);
    await revert(one.id);
    expect((await task(one.id)).due_date).toBe("2026-12-08T09:00:00.000Z");
    expect((await as.post(`/api/tasks/${one.id}/skip`)).body.due_date).toBe("2026-12-09T09:00:00.000Z");
    expect((await as.post(`/api/tasks/${one.id}/skip`)).status).toBe(409);
  });

  test("of a skip whose task was completed since is not done: what follows counts from there", async () => {
    const one = await as.make({ due_date: "2026-12-07T09:00:00Z", recurring_pattern: "daily" });
    await as.post(`/api/tasks/${one.id}/skip`);
    api.clock.advance(1);
    await as.patch(`/api/tasks/${one.id}/complete`);
    expect(await revert(one.id, "task.skipped")).toMatchObject({
      undone: [],
      kept: [{ field: "due_date", reason: "completed" }],
    });
  });

  test("of a whole day finds the day where the user's zone has put it since", async () => {
    const one = await as.make({ all_day: true, due_date: "2026-12-07T00:00:00+01:00" });
    await as.patch(`/api/tasks/${one.id}`, { due_date: "2026-12-09T00:00:00+01:00" });
    const moved = await lastEntry(one.id);
    await as.patch("/api/auth/me", { time_zone: "Asia/Tokyo" });
    expect((await task(one.id)).due_date).toBe("2026-12-08T15:00:00.000Z");
    expect((await as.post(`/api/audit/${moved}/revert`)).body.kept).toEqual([]);
    expect((await task(one.id)).due_date).toBe("2026-12-06T15:00:00.000Z");
  });

  test("of a series that moved to where its task was moves the series back, and leaves the task", async () => {
    const one = await as.make({ due_date: "2026-12-07T09:00:00+01:00", recurring_pattern: "daily" });
    await as.patch(`/api/tasks/${one.id}`, { due_date: "2026-12-07T11:00:00+01:00" });
    await as.patch(`/api/tasks/${one.id}?scope=following`, {});
    expect(await revert(one.id)).toMatchObject({ undone: [{ task_id: one.id }], kept: [] });
    expect((await task(one.id)).due_date).toBe("2026-12-07T10:00:00.000Z");
    expect((await as.post(`/api/tasks/${one.id}/skip`)).body.due_date).toBe("2026-12-08T08:00:00.000Z");
  });

  test("that made a task puts it into the trash, unless something was done with it", async () => {
    const [one, two] = [await as.make(), await as.make()];
    await as.patch(`/api/tasks/${two.id}`, { title: "Used" });
    await revert(one.id, "task.created");
    expect((await as.get(`/api/tasks/${one.id}`)).status).toBe(404);
    expect((await revert(two.id, "task.created")).kept).toMatchObject([{ task_id: two.id, reason: "changed" }]);
  });

  test("of a tag renames it back, removes it or brings it back to those that wore it", async () => {
    const one = await as.make({ tags: ["home"] });
    const tag = one.tags[0]?.id ?? "";
    await as.put(`/api/tags/${tag}`, { name: "garden", color: "#112233" });
    expect((await revert(tag)).undone).toEqual([
      { task_id: null, tag_id: tag, title: "home", fields: ["name", "color"] },
    ]);
    await as.delete(`/api/tags/${tag}`);
    expect((await task(one.id)).tags).toEqual([]);
    const synced = await as.get("/api/sync");
    await revert(tag);
    expect((await task(one.id)).tags).toEqual(one.tags);
    expect((await as.get(`/api/sync?cursor=${synced.body.next_cursor}`)).body).toMatchObject({
      tags: [{ id: tag }],
      deleted: [],
    });
    expect((await revert(tag, "tag.created")).kept).toMatchObject([{ tag_id: tag, reason: "changed" }]);
    const unworn = await as.makeTag("unworn");
    expect((await revert(unworn.id)).undone).toMatchObject([{ tag_id: unworn.id }]);
    expect((await as.get("/api/tags")).body.data.map(({ name }: { name: string }) => name)).toEqual(["home"]);
  });

  test("of a tag whose old name is taken by now is named", async () => {
    const tag = await as.makeTag("home");
    await as.put(`/api/tags/${tag.id}`, { name: "garden" });
    await as.makeTag("Home");
    expect((await revert(tag.id)).kept).toMatchObject([{ tag_id: tag.id, field: "name", reason: "taken" }]);
  });

  test("that only told of a reminder goes with the change it came of", async () => {
    const one = await as.make({ due_date: "2026-12-07T09:00:00Z", reminders: [{ before: "1h" }] });
    expect((await revert(one.reminders[0]?.id ?? "")).kept).toMatchObject([{ reason: "consequence" }]);
  });

  test("of a reminder that rang since leaves it rung", async () => {
    const one = await as.make({ due_date: "2026-12-07T09:00:00Z", reminders: [{ before: "1h" }] });
    await as.patch(`/api/tasks/${one.id}`, { reminders: [{ before: "1h" }, { before: "2h" }], priority: "high" });
    const results = [
      {
        id: one.reminders[0]?.id,
        generation: 1,
        outcome: "sent",
        attempts: 1,
        at: api.clock.now().toISOString(),
      },
    ];
    const headers = { [appTokenHeader]: appToken };
    expect((await api.call("POST", "/internal/reminders/results", { body: { results }, headers })).status).toBe(200);
    await revert(one.id);
    expect(await task(one.id)).toMatchObject({ priority: "medium", reminders: [{ before: "1h", state: "sent" }] });
  });
});
