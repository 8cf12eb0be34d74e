import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { Task } from "@carillon/contracts/http/tasks";
import { type Client, clientOf } from "./client.ts";
import { type Harness, startApi } from "./harness.ts";

let api: Harness;
let as: Client;
beforeAll(async () => {
  api = await startApi();
  api.clock.advance(Date.parse("2026-11-30T12:00:00Z") - api.clock.now().getTime());
});
beforeEach(async () => {
  as = clientOf(api, await api.signUp({ time_zone: "Europe/Berlin" }));
});
afterAll(() => api.close());

const move = (task: Task, body: Record<string, unknown>, scope = "following") =>
  as.patch(`/api/tasks/${task.id}?scope=${scope}`, body);
/** The due dates of successive skips, until there is none. */
async function datesFrom(task: Task, most: number): Promise<string[]> {
  const dates: string[] = [];
  while (dates.length < most) {
    const { status, body } = await as.post(`/api/tasks/${task.id}/skip`);
    if (status === 409) break;
    dates.push(body.due_date.slice(0, 16));
  }
  return dates;
}
const standup = { due_date: "2026-12-01T09:00:00+01:00", recurring_pattern: "daily" };

describe("PATCH /api/tasks/{id}?scope=following", () => {
  test("moves this date and all later ones, and says what comes next", async () => {
    const task = await as.make(standup);
    const moved = await move(task, { due_date: "2026-12-01T10:00:00+01:00" });
    expect(moved).toMatchObject({
      status: 200,
      body: { due_date: "2026-12-01T09:00:00.000Z", version: 2, series_id: task.id, recurring_pattern: "daily" },
    });
    expect(moved.body.note).toBe("Repeats every day; after this comes 2026-12-02 10:00.");
    expect(await datesFrom(task, 2)).toEqual(["2026-12-02T09:00", "2026-12-03T09:00"]);
  });

  test("is not the default: without it only this date moves", async () => {
    for (const path of ["", "?scope=this"]) {
      const task = await as.make(standup);
      const moved = await as.patch(`/api/tasks/${task.id}${path}`, { due_date: "2026-12-01T10:00:00+01:00" });
      expect(moved.body).not.toHaveProperty("note");
      expect(await datesFrom(task, 1)).toEqual(["2026-12-02T08:00"]);
    }
  });

  test("the rule stays as it is: weekly moves to the new weekday, Mondays stay Mondays", async () => {
    const weekly = await as.make({ due_date: "2026-12-07T09:00:00+01:00", recurring_pattern: "weekly" });
    const tuesday = { due_date: "2026-12-08T10:00:00+01:00" };
    expect((await move(weekly, tuesday)).body.note).toBe("Repeats every week; after this comes 2026-12-15 10:00.");
    const mondays = await as.make({ due_date: "2026-12-07T09:00:00+01:00", recurring_pattern: "FREQ=WEEKLY;BYDAY=MO" });
    expect((await move(mondays, tuesday)).body.note).toBe(
      "Repeats every week on Monday; after this comes 2026-12-14 10:00.",
    );
  });

  test("COUNT continues: the series has as many dates as it had left", async () => {
    const five = { due_date: "2026-12-01T09:00:00+01:00", recurring_pattern: "FREQ=DAILY;COUNT=5" };
    const task = await as.make(five);
    expect(await datesFrom(task, 2)).toEqual(["2026-12-02T08:00", "2026-12-03T08:00"]);
    const moved = await move(task, { due_date: "2026-12-03T10:00:00+01:00" });
    expect(moved.body.recurring_pattern).toBe("FREQ=DAILY;COUNT=3");
    expect(await datesFrom(task, 9)).toEqual(["2026-12-04T09:00", "2026-12-05T09:00"]);
    const last = await move(task, { due_date: "2026-12-05T11:00:00+01:00" });
    expect(last.body.note).toBe("This is the last date of the series.");
    expect(await datesFrom(task, 9)).toEqual([]);
    const mondays = await as.make({
      due_date: "2026-12-07T09:00:00+01:00",
      recurring_pattern: "FREQ=WEEKLY;BYDAY=MO;COUNT=2",
    });
    expect((await move(mondays, { due_date: "2026-12-08T09:00:00+01:00" })).body.recurring_pattern).toBe(
      "FREQ=WEEKLY;COUNT=1;BYDAY=MO",
    );
    expect(await datesFrom(mondays, 9)).toEqual(["2026-12-14T08:00"]);
    const ended = await move(mondays, { due_date: "2026-12-15T09:00:00+01:00" });
    expect(ended.body.note).toBe("This is the last date of the series.");
    expect(await datesFrom(mondays, 9)).toEqual([]);
  });

  test("what moved alone before takes the later dates with it now; a series in its place stays as it is", async () => {
    const task = await as.make(standup);
    const ten = { due_date: "2026-12-01T10:00:00+01:00" };
    expect((await move(task, ten, "this")).body.version).toBe(2);
    expect((await move(task, {})).body).toMatchObject({
      version: 3,
      note: expect.stringContaining("2026-12-02 10:00"),
    });
    expect((await move(task, ten)).body.version).toBe(3);
    expect(await datesFrom(task, 1)).toEqual(["2026-12-02T09:00"]);
  });

  test("a pause that is still to come is kept, moved along or on its own days as the rule has it", async () => {
    const away = { all: true, from: "2026-12-03T00:00:00+01:00", until: "2026-12-11T00:00:00+01:00" };
    const daily = await as.make(standup);
    const weekly = await as.make({ due_date: "2026-12-01T09:00:00+01:00", recurring_pattern: "weekly" });
    const tuesdays = await as.make({
      due_date: "2026-12-01T09:00:00+01:00",
      recurring_pattern: "FREQ=WEEKLY;BYDAY=TU",
    });
    expect((await as.post("/api/series/pause", away)).body.paused).toHaveLength(3);
    await move(daily, { due_date: "2026-12-01T10:00:00+01:00" });
    expect(await datesFrom(daily, 2)).toEqual(["2026-12-02T09:00", "2026-12-11T09:00"]);
    for (const task of [weekly, tuesdays]) await move(task, { due_date: "2026-12-02T10:00:00+01:00" });
    expect(await datesFrom(weekly, 1)).toEqual(["2026-12-16T09:00"]);
    expect(await datesFrom(tuesdays, 1)).toEqual(["2026-12-15T09:00"]);
  });

  test("reminders move along, and the history shows the change", async () => {
    const task = await as.make({ ...standup, reminders: [{ before: "1h" }] });
    const moved = await move(task, { due_date: "2026-12-01T10:00:00+01:00", title: "Later" });
    expect(moved.body).toMatchObject({ title: "Later", reminders: [{ remind_at: "2026-12-01T08:00:00.000Z" }] });
  });

  test("of a task that does not repeat it is an ordinary change; of a completed one, a conflict", async () => {
    const once = await as.make({ due_date: standup.due_date });
    const moved = await move(once, { due_date: "2026-12-01T10:00:00+01:00" });
    expect([moved.status, moved.body.note]).toEqual([200, undefined]);
    const done = await as.make(standup);
    await as.patch(`/api/tasks/${done.id}/complete`);
    expect((await move(done, { due_date: "2026-12-01T10:00:00+01:00" })).status).toBe(409);
  });

  test("another scope, a repeated one and another query parameter are rejected", async () => {
    const task = await as.make(standup);
    for (const query of ["scope=all", "scope=this&scope=following", "scope=", "dry_run=true"])
      expect((await as.patch(`/api/tasks/${task.id}?${query}`, { title: "b" })).status).toBe(422);
    expect((await as.patch(`/api/tasks/${crypto.randomUUID()}?scope=all`, { title: "b" })).status).toBe(404);
  });
});
