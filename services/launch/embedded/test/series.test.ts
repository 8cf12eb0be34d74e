import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { Task } from "@carillon/contracts/http/tasks";
import { type Person, type Rig, startRig } from "./series-rig.ts";

let rig: Rig;
let ada: Person;

beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());
beforeEach(async () => {
  rig.setNow("2026-11-21T08:00:00Z");
  ada = await rig.signUp("Europe/Berlin");
});

const standup = { recurring_pattern: "daily", due_date: "2026-11-21T09:00:00+01:00" };

/** Completes the task at an instant; returns its successor, or null. */
async function complete(task: Task, at: string | Date = rig.now()): Promise<Task | null> {
  rig.setNow(at);
  await ada.complete(task.id);
  await rig.settle();
  return (await ada.successorsOf(task.id)).length === 0 ? null : ada.next(task.id);
}

/** Due dates of successive completions, each on its own due date, up to `most` or the series' end. */
async function datesOf(first: Task, most: number): Promise<string[]> {
  const dates: string[] = [];
  let task: Task | null = first;
  while (dates.length < most) {
    task = await complete(task, task.due_date ?? "");
    if (task === null) break;
    dates.push(task.due_date ?? "");
  }
  return dates;
}

const utc = (...dates: string[]): string[] => dates.map((date) => new Date(date).toISOString());

describe("the next date", () => {
  test("daily standup at nine, completed: tomorrow at nine", async () => {
    const next = await complete(await ada.make(standup));
    expect(next?.due_date).toBe("2026-11-22T08:00:00.000Z");
  });

  test.each([
    ["spring", "2026-03-28T09:00:00+01:00", ["2026-03-29T09:00:00+02:00", "2026-03-30T09:00:00+02:00"]],
    ["autumn", "2026-10-24T09:00:00+02:00", ["2026-10-25T09:00:00+01:00", "2026-10-26T09:00:00+01:00"]],
    [
      "the night that has no half past two",
      "2026-03-28T02:30:00+01:00",
      ["2026-03-29T03:30:00+02:00", "2026-03-30T02:30:00+02:00"],
    ],
    [
      "the night that has half past two twice",
      "2026-10-24T02:30:00+02:00",
      ["2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"],
    ],
  ])("is at the same time of day across a clock change: %s", async (_, due_date, expected) => {
    rig.setNow("2026-01-01T00:00:00Z");
    expect(await datesOf(await ada.make({ ...standup, due_date }), 2)).toEqual(utc(...expected));
  });

  test("skips missed dates instead of making up for them", async () => {
    const next = await complete(await ada.make({ ...standup, due_date: "2026-11-02T09:00:00+01:00" }));
    expect(next?.due_date).toBe("2026-11-22T08:00:00.000Z");
  });

  test("completed early is still followed by the date after its own", async () => {
    const next = await complete(await ada.make({ ...standup, due_date: "2026-11-25T09:00:00+01:00" }));
    expect(next?.due_date).toBe("2026-11-26T08:00:00.000Z");
  });

  test("does not move when only this occurrence's due date was moved", async () => {
    const task = await ada.make({ recurring_pattern: "weekly", due_date: "2026-11-23T09:00:00+01:00" });
    const moved = await ada.patch(task.id, { due_date: "2026-11-26T18:00:00+01:00" });
    const next = await complete(moved, "2026-11-26T12:00:00Z");
    expect(next?.due_date).toBe("2026-11-30T08:00:00.000Z");
  });

  test.each([
    [{ recurring_pattern: "FREQ=WEEKLY" }, "2026-12-03T18:00:00+01:00"],
    [{ time_zone: "America/New_York" }, "2026-12-03T18:00:00+01:00"],
    [{ recurrence_anchor: "completion" }, "2026-12-02T18:00:00+01:00"],
  ])("counts from here once the series was changed: %j", async (change, expected) => {
    const task = await ada.make({ recurring_pattern: "weekly", due_date: "2026-11-23T09:00:00+01:00" });
    await ada.patch(task.id, { due_date: "2026-11-26T18:00:00+01:00" });
    const changed = await ada.patch(task.id, change);
    const next = await complete(changed, "2026-11-25T12:00:00Z");
    expect([next?.due_date, next?.series_id]).toEqual([new Date(expected).toISOString(), task.id]);
  });

  test("of the 31st is the last of a short month, and the 31st again afterwards", async () => {
    const task = await ada.make({ recurring_pattern: "monthly", due_date: "2027-12-31T09:00:00+01:00" });
    expect(await datesOf(task, 4)).toEqual(
      utc(
        "2028-01-31T09:00:00+01:00",
        "2028-02-29T09:00:00+01:00",
        "2028-03-31T09:00:00+02:00",
        "2028-04-30T09:00:00+02:00",
      ),
    );
  });

  test("of 29 February is February's last day, and the 29th when there is one", async () => {
    const task = await ada.make({ recurring_pattern: "yearly", due_date: "2028-02-29T09:00:00+01:00" });
    const dates = await datesOf(task, 4);
    expect(dates.map((date) => date.slice(0, 10))).toEqual(["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]);
  });

  test("of a whole day is a whole day, from its local midnight", async () => {
    const task = await ada.make({ recurring_pattern: "daily", due_date: "2026-10-24T15:00:00+02:00", all_day: true });
    expect(await datesOf(task, 2)).toEqual(utc("2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"));
  });

  test("with the anchor completion counts from the day of completion, at the series' time of day", async () => {
    const body = { recurring_pattern: "FREQ=DAILY;INTERVAL=3", recurrence_anchor: "completion" };
    const task = await ada.make({ ...standup, ...body });
    const late = await complete(task, "2026-11-24T22:30:00Z");
    expect(late?.due_date).toBe("2026-11-27T08:00:00.000Z");
  });
});

describe("the end of a series", () => {
  test.each([
    ["COUNT", { recurring_pattern: "FREQ=DAILY;COUNT=3" }, 2],
    ["COUNT from completions", { recurring_pattern: "FREQ=DAILY;COUNT=3", recurrence_anchor: "completion" }, 2],
    ["COUNT with an extra first date", { recurring_pattern: "FREQ=WEEKLY;BYDAY=MO;COUNT=2" }, 2],
    ["UNTIL", { recurring_pattern: "FREQ=DAILY;UNTIL=20261123" }, 2],
    ["its own end", { recurring_pattern: "daily", recurrence_ends_at: "2026-11-23T09:00:00+01:00" }, 2],
  ])("%s holds across all its tasks, is reported once, and leaves none behind", async (_, rule, successors) => {
    const first = await ada.make({ ...standup, ...rule });
    expect(await datesOf(first, 9)).toHaveLength(successors);
    const last = (await ada.list()).find(({ id, completed }) => completed && id !== first.id);
    const ended = (await ada.list()).filter(({ completed }) => !completed);
    expect([last?.completed, ended]).toEqual([true, []]);
    const [row] = await rig.sql<{ said: number; by: string }[]>`
      select count(*)::int as said, min(event -> 'data' ->> 'actor') as by from api.outbox
      where user_id = ${ada.id} and type = 'series.ended'`;
    expect(row).toEqual({ said: 1, by: "recurring" });
  });

  test("undone and extended, it continues", async () => {
    const task = await ada.make({ ...standup, recurrence_ends_at: "2026-11-21T12:00:00+01:00" });
    expect(await complete(task)).toBeNull();
    expect(await rig.said(task.id)).toEqual(["task.created user", "task.completed user", "series.ended recurring"]);
    await ada.reopen(task.id);
    await ada.patch(task.id, { recurrence_ends_at: "2026-11-30T12:00:00+01:00" });
    const next = await complete(task);
    expect(next?.due_date).toBe("2026-11-22T08:00:00.000Z");
  });
});

describe("the next task", () => {
  test("has the user's settings of the one before, and nothing of its state", async () => {
    const body = {
      ...standup,
      title: "Rent",
      description: "To the landlord\nby transfer",
      priority: "urgent",
      tags: ["home", "money"],
      recurring_pattern: "RRULE:FREQ=MONTHLY;BYMONTHDAY=21,-1",
      recurrence_ends_at: "2027-12-31T12:00:00Z",
      time_zone: "America/New_York",
    };
    const task = await ada.make(body);
    const next = await complete(task);
    const same = (one: Task | null) =>
      one && {
        ...one,
        ...{ id: "", parent_task_id: "", due_date: "", completed: "", status: "", completed_at: "", version: 0 },
        ...{ created_at: "", updated_at: "" },
      };
    expect(same(next)).toEqual(same(task));
    expect(next).toMatchObject({ parent_task_id: task.id, series_id: task.id, version: 1, completed: false });
    expect(next?.due_date).toBe("2026-11-30T08:00:00.000Z");
    // And the one after that still belongs to the series' first task.
    expect((await complete(next ?? task, "2026-12-01T09:00:00Z"))?.series_id).toBe(task.id);
  });

  test("is reported as created by recurring, and so is the decision", async () => {
    const task = await ada.make(standup);
    const next = await complete(task);
    expect(await rig.said(next?.id ?? "")).toEqual(["task.created recurring"]);
    expect(await rig.said(task.id)).toEqual([
      "task.created user",
      "task.completed user",
      "occurrence.generated recurring",
    ]);
    const [row] = await rig.sql`
      select event -> 'data' -> 'changes' as changes from api.outbox where type = 'occurrence.generated' and task_id = ${task.id}`;
    expect(row?.changes).toEqual({
      next_task_id: [null, next?.id],
      next_due_date: [null, "2026-11-22T08:00:00.000Z"],
    });
  });

  test("belongs to the same trace as the click that completed the one before", async () => {
    const task = await ada.make(standup);
    const next = await complete(task);
    const rows = await rig.sql<{ type: string; trace: string }[]>`
      select type, split_part(event ->> 'traceparent', '-', 2) as trace from api.outbox
      where user_id = ${ada.id} and (task_id = ${next?.id ?? ""} or type = 'task.completed') order by change_seq`;
    expect(rows.map(({ type }) => type)).toEqual(["task.completed", "task.created"]);
    expect(new Set(rows.map(({ trace }) => trace)).size).toBe(1);
  });

  test("has the reminders for its own date, relative and absolute, but none that a snooze set", async () => {
    rig.setNow("2026-11-20T08:00:00Z");
    const task = await ada.make({
      recurring_pattern: "weekly",
      due_date: "2026-11-27T17:00:00+01:00",
      reminders: [{ before: "1d" }, { before: "90m" }, { at: "2026-11-26T19:30:00+01:00" }],
    });
    await ada.json("POST", `/api/tasks/${task.id}/snooze`, { minutes: 30 });
    const next = await complete(task);
    expect(next?.due_date).toBe("2026-12-04T16:00:00.000Z");
    expect(next?.reminders.map(({ before, remind_at, state, reason }) => [before, remind_at, state, reason])).toEqual([
      ["1d", "2026-12-03T16:00:00.000Z", "pending", null],
      ["90m", "2026-12-04T14:30:00.000Z", "pending", null],
      [null, "2026-12-03T18:30:00.000Z", "pending", null],
    ]);
    expect(await rig.said(next?.id ?? "")).toEqual([
      "task.created recurring",
      "reminder.scheduled recurring",
      "reminder.scheduled recurring",
      "reminder.scheduled recurring",
    ]);
  });

  test("has an absolute reminder at the same distance on the wall clock, and a past one as missed", async () => {
    rig.setNow("2026-03-20T08:00:00Z");
    const task = await ada.make({
      recurring_pattern: "weekly",
      due_date: "2026-03-23T09:00:00+01:00",
      reminders: [{ at: "2026-03-21T12:00:00+01:00" }, { before: "1w" }],
    });
    // The clocks change between the next reminder and the next due date.
    const next = await complete(task, "2026-03-23T10:00:00+01:00");
    expect(next?.due_date).toBe("2026-03-30T07:00:00.000Z");
    expect(next?.reminders.map(({ remind_at, state }) => [remind_at, state])).toEqual([
      ["2026-03-28T11:00:00.000Z", "pending"],
      ["2026-03-23T08:00:00.000Z", "missed"],
    ]);
  });

  test("does not follow a task that does not recur", async () => {
    const task = await ada.make({ due_date: standup.due_date });
    expect(await complete(task)).toBeNull();
    expect(await rig.said(task.id)).toEqual(["task.created user", "task.completed user"]);
  });
});

describe("skipping", () => {
  test("moves the same task on, and the skipped date never comes back", async () => {
    const task = await ada.make({ ...standup, reminders: [{ before: "1h" }] });
    const skipped = await ada.skip(task.id);
    expect(skipped).toMatchObject({ id: task.id, due_date: "2026-11-22T08:00:00.000Z", version: 2, completed: false });
    expect(skipped.reminders.map(({ remind_at, state }) => [remind_at, state])).toEqual([
      ["2026-11-22T07:00:00.000Z", "pending"],
    ]);
    expect((await complete(task))?.due_date).toBe("2026-11-23T08:00:00.000Z");
  });

  test("counts for COUNT, whatever dates are counted from", async () => {
    for (const recurrence_anchor of ["due_date", "completion"]) {
      rig.setNow("2026-11-21T08:00:00Z");
      const task = await ada.make({ ...standup, recurring_pattern: "FREQ=DAILY;COUNT=3", recurrence_anchor });
      const skipped = await ada.skip(task.id);
      expect(await datesOf(skipped, 9)).toEqual(["2026-11-23T08:00:00.000Z"]);
    }
  });

  test("excludes the skipped date where dates are counted from completions", async () => {
    const body = { recurring_pattern: "weekly", recurrence_anchor: "completion" };
    const task = await ada.make({ ...body, due_date: "2026-11-28T09:00:00+01:00" });
    await ada.skip(task.id);
    // Completed early: a week from today would be the date that was skipped.
    const next = await complete(task, "2026-11-21T10:00:00Z");
    expect(next?.due_date).toBe("2026-12-05T08:00:00.000Z");
  });
});
