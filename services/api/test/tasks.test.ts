import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { type Client, clientOf, verdict } from "./client.ts";
import { type Harness, type Person, startApi } from "./harness.ts";
import { expectWhole } from "./oracle.ts";

let api: Harness;
let ada: Person;
let as: Client;
beforeAll(async () => {
  api = await startApi();
  ada = await api.signUp({ time_zone: "Europe/Berlin" });
  as = clientOf(api, ada);
});
afterEach(() => expectWhole(api.sql));
afterAll(() => api.close());

describe("creating a task", () => {
  test("takes only a title, and the rest has defaults", async () => {
    const { status, body, headers } = await as.post("/api/tasks", { title: "Old task" });
    expect(status).toBe(201);
    const now = api.clock.now().toISOString();
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      user_id: ada.user.id,
      title: "Old task",
      description: "",
      status: "pending",
      completed: false,
      completed_at: null,
      priority: "medium",
      due_date: null,
      time_zone: "Europe/Berlin",
      all_day: false,
      tags: [],
      is_recurring: false,
      recurring_pattern: null,
      recurrence: null,
      parent_task_id: null,
      series_id: null,
      reminder_at: null,
      reminder_sent: false,
      reminders: [],
      version: 1,
      created_at: now,
      updated_at: now,
      deleted_at: null,
    });
    expect(headers.get("location")).toBe(`/api/tasks/${body.id}`);
    expect(headers.get("etag")).toBe('"1"');
    const read = await as.get(`/api/tasks/${body.id}`);
    expect(read.body).toEqual(body);
    expect(read.headers.get("etag")).toBe('"1"');
  });

  test("accepts every writable field", async () => {
    const fields = {
      title: "Submit the report",
      description: "Page 1\r\n\tPage 2\n",
      priority: "urgent",
      due_date: "2199-11-27T17:00:00+01:00",
      time_zone: "America/New_York",
      all_day: false,
      tags: ["work", "Écrit"],
      recurring_pattern: "RRULE:FREQ=WEEKLY;BYDAY=MO,FR",
      recurrence_anchor: "completion",
      recurrence_ends_at: "2199-12-24T00:00:00Z",
      reminder_at: "2199-11-20T09:00:00Z",
      reminders: [{ before: "1d" }, { at: "2199-11-25T08:00:00-05:00" }],
    };
    const task = await as.make(fields);
    expect(task).toMatchObject({
      title: fields.title,
      description: fields.description,
      priority: "urgent",
      due_date: "2199-11-27T16:00:00.000Z",
      time_zone: "America/New_York",
      tags: [{ name: "work" }, { name: "Écrit" }],
      is_recurring: true,
      recurring_pattern: fields.recurring_pattern,
      recurrence: { rrule: "FREQ=WEEKLY;BYDAY=MO,FR", anchor: "completion", ends_at: "2199-12-24T00:00:00.000Z" },
      series_id: task.id,
      reminder_at: "2199-11-20T09:00:00.000Z",
      reminders: [
        { before: "1d", remind_at: "2199-11-26T16:00:00.000Z", state: "pending", reason: null, sent_at: null },
        { before: null, remind_at: "2199-11-25T13:00:00.000Z", state: "pending" },
        { before: null, remind_at: "2199-11-20T09:00:00.000Z", state: "pending" },
      ],
    });
    expect((await as.get(`/api/tasks/${task.id}`)).body).toEqual(task);
  });

  test.each([
    "status",
    "completed",
    "id",
    "user_id",
    "version",
    "created_at",
    "completed_at",
    "series_id",
    "recurrence",
    "reminder_sent",
    "Title",
    "dueDate",
  ])("%s cannot be written, neither new nor later", async (field) => {
    const { id } = await as.make();
    const body = { title: "a", [field]: null };
    expect(verdict(await as.post("/api/tasks", body))).toBe(`422 /${field}`);
    expect(verdict(await as.put(`/api/tasks/${id}`, body))).toBe(`422 /${field}`);
    expect(verdict(await as.patch(`/api/tasks/${id}`, body))).toBe(`422 /${field}`);
  });

  test.each([
    [{ title: "a".repeat(500) }, "201"],
    [{ title: "👍".repeat(500) }, "201"],
    [{ title: "𠀀".repeat(500) }, "201"],
    [{ title: "a".repeat(501) }, "422 /title"],
    [{ title: "" }, "422 /title"],
    [{ title: " \u200b " }, "422 /title"],
    [{ title: "a\nb" }, "422 /title"],
    [{ title: "a\u0000b" }, "422 /title"],
    [{ title: "a\u202eb" }, "422 /title"],
    [{ title: "<script>alert(1)</script> '; drop table tasks; -- \\u0000 {{x}}" }, "201"],
    [{ title: "a", description: "b".repeat(20_000) }, "201"],
    [{ title: "a", description: "𠀀".repeat(20_000) }, "201"],
    [{ title: "a", description: "b".repeat(20_001) }, "422 /description"],
    [{ title: "a", description: "\u001b[31m" }, "422 /description"],
    [{ title: "a", priority: "High" }, "422 /priority"],
    [{ title: "a", all_day: "true" }, "422 /all_day"],
    [{ title: "a", tags: ["x".repeat(100)] }, "201"],
    [{ title: "a", tags: ["x".repeat(101)] }, "422 /tags/0"],
    [{ title: "a", tags: ["x", " "] }, "422 /tags/1"],
    [{ title: "a", tags: "x" }, "422 /tags"],
    [{ title: "a", tags: [{ name: "x" }] }, "422 /tags/0"],
    [{ title: "a", due_date: "2026-11-27" }, "422 /due_date"],
    [{ title: "a", due_date: "2026-11-27T17:00" }, "422 /due_date"],
    [{ title: "a", due_date: "2026-02-29T17:00:00Z" }, "422 /due_date"],
    [{ title: "a", due_date: "1969-12-31T23:59:59Z" }, "422 /due_date"],
    [{ title: "a", due_date: "2200-01-01T00:00:00Z" }, "422 /due_date"],
    [{ title: "a", due_date: "1970-01-01T00:00:00Z" }, "201"],
    [{ title: "a", due_date: "2199-12-31T23:59:59.999Z" }, "201"],
    [{ title: "a", due_date: 1_764_262_800 }, "422 /due_date"],
    [{ title: "a", time_zone: "Mars/Base" }, "422 /time_zone"],
    [{ title: "a", reminders: [{ before: "15 minutes" }] }, "422 /reminders/0/before"],
    [{ title: "a", reminders: [{ before: "1d" }] }, "422 /reminders/0/before"],
    [{ title: "a", reminders: [{}] }, "422 /reminders/0"],
    [{ title: "a", recurring_pattern: "FREQ=SECONDLY" }, "422 /recurring_pattern"],
    [{ title: "a", recurring_pattern: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30" }, "422 /recurring_pattern"],
    [{ title: 1, priority: 2, due_date: "soon" }, "422 /title /priority /due_date"],
  ])("%j", async (body, expected) => {
    expect(verdict(await as.post("/api/tasks", body))).toBe(expected);
  });

  test("text comes back as it was sent, also where it could be markup, a formula or a pattern", async () => {
    for (const title of ["=1+1", "{{7*7}}", "%s%n", "a\u0301", "أهلا", "👩‍👩‍👧", "\\\\", "'\"`", "null", "\ufeffa"]) {
      const { id } = await as.make({ title, description: title });
      expect((await as.get(`/api/tasks/${id}`)).body).toMatchObject({ title, description: title });
    }
  });
});

describe("replacing a task (PUT)", () => {
  const everything = {
    title: "Everything",
    description: "b",
    priority: "high",
    due_date: "2199-11-27T17:00:00Z",
    time_zone: "Asia/Tokyo",
    tags: ["x"],
    recurring_pattern: "daily",
    reminders: [{ before: "1d" }],
  };

  test("leaves exactly the body's fields: absent ones take POST's default", async () => {
    const { id, created_at } = await as.make(everything);
    api.clock.advance(1_000);
    const { status, body, headers } = await as.put(`/api/tasks/${id}`, { title: "Plain" });
    expect(status).toBe(200);
    expect(headers.get("etag")).toBe('"2"');
    const plain = await as.make({ title: "Plain" });
    expect({ ...body, id: plain.id, created_at: plain.created_at, version: 1 }).toEqual(plain);
    expect(body).toMatchObject({ id, created_at, version: 2, updated_at: api.clock.now().toISOString() });
  });

  test("leaves the completion untouched", async () => {
    const { id } = await as.make(everything);
    const done = (await as.patch(`/api/tasks/${id}/complete`)).body;
    const { body } = await as.put(`/api/tasks/${id}`, { title: "Plain" });
    expect(body).toMatchObject({ status: "completed", completed: true, completed_at: done.completed_at, version: 3 });
  });

  test("never creates one", async () => {
    const id = Bun.randomUUIDv7();
    expect((await as.put(`/api/tasks/${id}`, { title: "a" })).status).toBe(404);
    expect((await as.get(`/api/tasks/${id}`)).status).toBe(404);
  });

  test("without a title is 422, and a repeated body changes nothing", async () => {
    const { id } = await as.make(everything);
    expect(verdict(await as.put(`/api/tasks/${id}`, { description: "b" }))).toBe("422 /title");
    expect(verdict(await as.put(`/api/tasks/${id}`, { title: null }))).toBe("422 /title");
    expect((await as.put(`/api/tasks/${id}`, everything)).body).toMatchObject({ version: 1 });
  });
});

describe("changing a task (PATCH)", () => {
  test("keeps what is absent and gives null its default", async () => {
    const before = await as.make({
      description: "b",
      priority: "high",
      tags: ["x", "y"],
      due_date: "2199-01-01T00:00:00Z",
    });
    const { body } = await as.patch(`/api/tasks/${before.id}`, { title: "New" });
    expect(body).toEqual({ ...before, title: "New", version: 2 });
    const cleared = await as.patch(`/api/tasks/${before.id}`, {
      description: null,
      priority: null,
      due_date: null,
      tags: null,
    });
    expect(cleared.body).toEqual({
      ...before,
      title: "New",
      description: "",
      priority: "medium",
      due_date: null,
      tags: [],
      version: 3,
    });
    expect(verdict(await as.patch(`/api/tasks/${before.id}`, { title: null }))).toBe("422 /title");
  });

  test("of nothing, or to the present values, keeps the version and publishes nothing", async () => {
    const before = await as.make({ tags: ["Work"], due_date: "2199-01-01T01:00:00+01:00" });
    const said = (await api.outbox(ada.user.id)).length;
    for (const body of [
      {},
      { title: before.title },
      { tags: ["WORK", "work"] },
      { due_date: "2199-01-01T00:00:00.000Z" },
      { reminder_at: null },
    ]) {
      expect((await as.patch(`/api/tasks/${before.id}`, body)).body).toEqual(before);
    }
    expect((await api.outbox(ada.user.id)).length).toBe(said);
  });

  test("the zone of null is the user's, and the user's own change moves no task", async () => {
    const bob = await api.signUp({ time_zone: "Asia/Tokyo" });
    const asBob = clientOf(api, bob);
    const { id, time_zone } = await asBob.make();
    expect(time_zone).toBe("Asia/Tokyo");
    await asBob.patch("/api/auth/me", { time_zone: "Africa/Cairo" });
    expect((await asBob.get(`/api/tasks/${id}`)).body.time_zone).toBe("Asia/Tokyo");
    expect((await asBob.patch(`/api/tasks/${id}`, { time_zone: null })).body.time_zone).toBe("Africa/Cairo");
  });

  test("whole days are days of the user's zone, across clock changes and the date line", async () => {
    const { id, due_date } = await as.make({ due_date: "2026-10-25T12:00:00Z", all_day: true });
    expect(due_date).toBe("2026-10-24T22:00:00.000Z");
    const moved = await as.patch(`/api/tasks/${id}`, { time_zone: "Pacific/Kiritimati" });
    expect(moved.body).toMatchObject({ due_date, time_zone: "Europe/Berlin" });
    const timed = await as.patch(`/api/tasks/${id}`, {
      all_day: false,
      due_date: "2026-10-24T12:00:00Z",
      time_zone: "Pacific/Kiritimati",
    });
    expect(timed.body).toMatchObject({ all_day: false, due_date: "2026-10-24T12:00:00.000Z" });
    // It is already the 25th there.
    expect((await as.patch(`/api/tasks/${id}`, { all_day: true })).body.due_date).toBe("2026-10-24T22:00:00.000Z");
  });
});
