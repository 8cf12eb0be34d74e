import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import type { Reminder, Task } from "@carillon/contracts/http/tasks";
import { type Client, clientOf } from "./client.ts";
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

const hoursAhead = (hours: number): string => new Date(api.clock.now().getTime() + hours * 3_600_000).toISOString();
const brief = ({ before, remind_at, state, reason }: Reminder) => [before ?? remind_at, state, reason];
/** The events of a task and its reminders, in order. */
const said = async ({ id }: Task) =>
  (await api.outbox(ada.user.id))
    .filter(({ event }) => event.data.task_id === id)
    .map(({ type, event }) => [type, event.data.version, event.data.reminder]);

describe("reminders through a task's life", () => {
  test("have one event each, behind the task's own and at its version", async () => {
    const task = await as.make({ due_date: hoursAhead(48), reminders: [{ before: "1d" }, { before: "3d" }] });
    expect(task.reminders.map(brief)).toEqual([
      ["1d", "pending", null],
      ["3d", "missed", "too_late"],
    ]);
    expect(await said(task)).toEqual([
      ["task.created", 1, undefined],
      ["reminder.scheduled", 1, { ...task.reminders[0], generation: 1 }],
      ["reminder.missed", 1, { ...task.reminders[1], generation: 1 }],
    ]);
  });

  test("keep id and state where they are equal, and go where they are not in the list", async () => {
    const task = await as.make({
      due_date: hoursAhead(48),
      reminders: [{ before: "1d" }, { before: "2h" }, { at: hoursAhead(5) }],
    });
    const { body } = await as.patch(`/api/tasks/${task.id}`, {
      reminders: [{ at: hoursAhead(5) }, { before: "120m" }, { before: "1h" }],
    });
    expect(body.reminders).toEqual([
      task.reminders[2],
      task.reminders[1],
      expect.objectContaining({ before: "1h", state: "pending" }),
    ]);
    expect((await said(task)).slice(4)).toEqual([
      ["task.updated", 2, undefined],
      ["reminder.cancelled", 2, { ...task.reminders[0], state: "cancelled", generation: 1 }],
      ["reminder.scheduled", 2, { ...body.reminders[2], generation: 1 }],
    ]);
  });

  test("are cancelled by completion, and planned again by undoing it if they are ahead", async () => {
    const task = await as.make({
      due_date: hoursAhead(48),
      reminders: [{ before: "1d" }, { before: "47h" }],
      reminder_at: hoursAhead(10),
    });
    const done: Task = (await as.patch(`/api/tasks/${task.id}/complete`)).body;
    expect(done.reminders.map((one) => [one.state, one.reason])).toEqual(Array(3).fill(["cancelled", "completed"]));
    api.clock.advance(2 * 3_600_000);
    const open: Task = (await as.patch(`/api/tasks/${task.id}/incomplete`)).body;
    expect(open.reminders.map((one) => [one.state, one.reason])).toEqual([
      ["pending", null],
      ["cancelled", "completed"],
      ["pending", null],
    ]);
    expect((await said(task)).slice(-3)).toEqual([
      ["task.reopened", 3, undefined],
      ["reminder.scheduled", 3, { ...open.reminders[0], generation: 2 }],
      ["reminder.scheduled", 3, { ...open.reminders[2], generation: 2 }],
    ]);
  });

  test("are cancelled by the trash and planned again by restoring", async () => {
    const task = await as.make({ due_date: hoursAhead(48), reminders: [{ before: "1d" }] });
    await as.delete(`/api/tasks/${task.id}`);
    const [trashed] = await as.list("?deleted=true");
    expect(trashed?.reminders.map(brief)).toEqual([["1d", "cancelled", "deleted"]]);
    const { body } = await as.post(`/api/tasks/${task.id}/restore`);
    expect(body.reminders).toEqual(task.reminders);
  });

  test("move with the due date, the zone and the kind of day, if they are relative", async () => {
    const task = await as.make({
      due_date: "2199-03-30T08:00:00Z",
      reminders: [{ before: "1d" }, { at: "2199-01-01T00:00:00Z" }],
    });
    const at = (body: Task) => body.reminders.map((one) => one.remind_at);
    expect(at(task)).toEqual(["2199-03-29T08:00:00.000Z", "2199-01-01T00:00:00.000Z"]);
    const later = await as.patch(`/api/tasks/${task.id}`, { due_date: "2199-04-30T08:00:00Z" });
    expect(at(later.body)).toEqual(["2199-04-29T08:00:00.000Z", "2199-01-01T00:00:00.000Z"]);
    const wholeDay = await as.patch(`/api/tasks/${task.id}`, { all_day: true });
    expect(at(wholeDay.body)).toEqual(["2199-04-29T07:00:00.000Z", "2199-01-01T00:00:00.000Z"]);
    await as.patch("/api/auth/me", { time_zone: "Asia/Tokyo" });
    const elsewhere = await as.get(`/api/tasks/${task.id}`);
    expect(at(elsewhere.body)).toEqual(["2199-04-29T00:00:00.000Z", "2199-01-01T00:00:00.000Z"]);
    await as.patch("/api/auth/me", { time_zone: "Europe/Berlin" });
  });
});

describe("reminder_at", () => {
  test("of a new task is one absolute reminder, of a patch one more, and null removes the absolute ones", async () => {
    const task = await as.make({ due_date: hoursAhead(48), reminder_at: hoursAhead(3), reminders: [{ before: "1d" }] });
    expect(task.reminder_at).toBe(hoursAhead(3));
    const more = await as.patch(`/api/tasks/${task.id}`, { reminder_at: hoursAhead(2) });
    expect(more.body.reminders.map(brief)).toEqual([
      ["1d", "pending", null],
      [hoursAhead(3), "pending", null],
      [hoursAhead(2), "pending", null],
    ]);
    expect(more.body.reminder_at).toBe(hoursAhead(2));
    const again = await as.patch(`/api/tasks/${task.id}`, { reminder_at: hoursAhead(2) });
    expect(again.body).toEqual(more.body);
    const none = await as.patch(`/api/tasks/${task.id}`, { reminder_at: null });
    expect(none.body.reminders).toEqual([task.reminders[0]]);
    expect(none.body.reminder_at).toBe(hoursAhead(24));
  });

  test("in the past is missed: it is shown, and nothing is ever planned for it", async () => {
    const task = await as.make({ reminder_at: hoursAhead(-1) });
    expect(task).toMatchObject({ reminder_at: hoursAhead(-1), reminder_sent: false });
    expect(task.reminders.map(brief)).toEqual([[hoursAhead(-1), "missed", "too_late"]]);
    expect((await said(task)).map(([type]) => type)).toEqual(["task.created", "reminder.missed"]);
  });
});
