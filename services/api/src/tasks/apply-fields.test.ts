import { describe, expect, test } from "bun:test";
import type { NewTask, TaskPatch } from "@carillon/contracts/http/tasks";
import { Problem } from "@carillon/kit/service";
import { now, reminderRow, taskId, taskState } from "../testing/task-state.ts";
import { planFields } from "./apply-fields.ts";
import { newFields, patchedFields } from "./fields.ts";
import type { TaskState } from "./task-row.ts";

const create = (body: Omit<NewTask, "title">, userZone = "Europe/Berlin") =>
  planFields({ now }, taskId, null, newFields({ title: "a", ...body }, userZone));
const patch = (before: TaskState, body: TaskPatch, userZone = "Europe/Berlin") =>
  planFields({ now }, taskId, before, patchedFields(before, body, userZone));

/** Pointers of the faults, in order. */
function pointers(plan: () => unknown): string[] {
  try {
    plan();
  } catch (error) {
    if (error instanceof Problem && error.status === 422) return (error.errors ?? []).map(({ pointer }) => pointer);
    throw error;
  }
  return [];
}

const due_date = "2026-11-27T17:00:00+01:00";

describe("fields that do not fit each other are named by their place in the request", () => {
  test.each([
    [{ reminders: [{ before: "1d" }] }, ["/reminders/0/before"]],
    [{ due_date, reminders: [{ before: "1h" }, { before: "60m" }, { before: "1y" }] }, ["/reminders/2/before"]],
    [
      { due_date, reminders: [{ before: "366d" }, { at: due_date }, { before: "-1h" }] },
      ["/reminders/0/before", "/reminders/2/before"],
    ],
    [{ recurrence_ends_at: due_date }, ["/recurrence_ends_at"]],
    [{ recurrence_anchor: "completion" as const }, ["/recurrence_anchor"]],
    [{ recurring_pattern: "hourly" }, ["/recurring_pattern"]],
    [{ recurring_pattern: "FREQ=DAILY;COUNT=2;UNTIL=20270101" }, ["/recurring_pattern"]],
    [{ recurring_pattern: "daily", due_date, recurrence_ends_at: "2026-11-26T00:00:00Z" }, ["/recurrence_ends_at"]],
    [{ time_zone: "Nowhere/Land" }, ["/time_zone"]],
    [{ time_zone: "Nowhere/Land", recurring_pattern: "hourly" }, ["/time_zone"]],
    [{ due_date: "1970-01-01T00:00:00Z", all_day: true }, ["/due_date"]],
    [{ due_date: "1970-01-01T03:00:00Z", all_day: true, time_zone: "America/New_York" }, ["/due_date"]],
  ])("%j", (body, expected) => {
    expect(pointers(() => create(body))).toEqual(expected);
  });

  test("the earliest and the latest possible moment can be due", () => {
    expect(pointers(() => create({ due_date: "1970-01-01T00:00:00Z" }))).toEqual([]);
    expect(pointers(() => create({ due_date: "1970-01-01T00:00:00Z", all_day: true }, "UTC"))).toEqual([]);
    expect(pointers(() => create({ due_date: "2199-12-31T23:59:59.999Z" }))).toEqual([]);
    expect(
      pointers(() => create({ due_date: "2199-12-31T23:59:59.999Z", all_day: true }, "Pacific/Kiritimati")),
    ).toEqual([]);
  });

  test("a zone that would move a whole day beyond 2199 is rejected", () => {
    const lastDay = taskState({
      due_at: new Date("2199-12-31T10:00:00Z"),
      all_day: true,
      time_zone: "Pacific/Kiritimati",
    });
    expect(pointers(() => patch(lastDay, { title: "b" }, "UTC"))).toEqual(["/due_date"]);
  });

  test("removing the due date while relative reminders stay is one fault, of the due date", () => {
    const relative = taskState({ due_at: new Date(due_date) }, [
      reminderRow({ before: "1h" }),
      reminderRow({ before: "1d", position: 1 }),
    ]);
    expect(pointers(() => patch(relative, { due_date: null }))).toEqual(["/due_date"]);
    expect(pointers(() => patch(relative, { due_date: null, reminders: [] }))).toEqual([]);
    expect(pointers(() => patch(relative, { due_date: null, reminders: [{ before: "2d" }] }))).toEqual([
      "/reminders/0/before",
    ]);
  });

  test("twenty reminders are the maximum, however the next one is added", () => {
    const twenty = Array.from({ length: 20 }, (_, index) => ({ before: `${index + 1}m` }));
    expect(pointers(() => create({ due_date, reminders: twenty }))).toEqual([]);
    expect(pointers(() => create({ due_date, reminders: twenty, reminder_at: due_date }))).toEqual(["/reminder_at"]);
    const full = taskState(
      { due_at: new Date(due_date) },
      twenty.map(({ before }, position) => reminderRow({ before, position })),
    );
    expect(pointers(() => patch(full, { reminder_at: due_date }))).toEqual(["/reminder_at"]);
    expect(pointers(() => patch(full, { title: "b" }))).toEqual([]);
  });
});

describe("a recurring task", () => {
  const recurring = () => {
    const { fields, series } = create({ due_date, recurring_pattern: "FREQ=WEEKLY;BYDAY=FR" });
    return taskState({ due_at: fields.dueAt, all_day: fields.allDay, ...series });
  };

  test("starts its series at its due date", () => {
    expect(recurring().row).toMatchObject({
      recurring_pattern: "FREQ=WEEKLY;BYDAY=FR",
      rrule: "FREQ=WEEKLY;BYDAY=FR",
      series_id: taskId,
      series_start: new Date(due_date),
      occurrence_at: new Date(due_date),
      excluded_dates: [],
    });
  });

  test("without a due date is due on the rule's first day from today in its zone, all day", () => {
    const { fields } = create({ recurring_pattern: "FREQ=WEEKLY;BYDAY=MO", time_zone: "Pacific/Auckland" });
    // In Auckland it is 21 November, 22:00: a Saturday.
    expect(fields).toMatchObject({ allDay: true, dueAt: new Date("2026-11-22T11:00:00Z") });
    expect(create({ recurring_pattern: "daily" }).fields.dueAt).toEqual(new Date("2026-11-20T23:00:00Z"));
  });

  test("keeps its series when the due date, the title or the end changes", () => {
    const before = recurring();
    const { series_id, series_start, occurrence_at } = before.row;
    for (const body of [
      { due_date: "2026-11-28T17:00:00+01:00" },
      { title: "b" },
      { recurrence_ends_at: "2027-05-01T00:00:00Z" },
    ]) {
      expect(patch(before, body).series).toMatchObject({ series_id, series_start, occurrence_at });
    }
  });

  test("starts a new series when pattern, zone or anchor changes", () => {
    const before = { ...recurring() };
    before.row = {
      ...before.row,
      due_at: new Date("2026-11-28T16:00:00Z"),
      series_id: "0190d0a0-0000-7000-8000-0000000000f0",
    };
    for (const body of [
      { recurring_pattern: "weekly" },
      { time_zone: "Asia/Tokyo" },
      { recurrence_anchor: "completion" as const },
    ]) {
      expect(patch(before, body).series).toMatchObject({
        series_id: taskId,
        series_start: before.row.due_at,
        occurrence_at: before.row.due_at,
      });
    }
  });

  test("cannot lose its due date unless the pattern goes too", () => {
    expect(pointers(() => patch(recurring(), { due_date: null }))).toEqual(["/due_date"]);
    const { fields, series } = patch(recurring(), { due_date: null, recurring_pattern: null });
    expect(fields.dueAt).toBeNull();
    expect(series).toEqual({
      recurring_pattern: null,
      rrule: null,
      rrule_text: null,
      recurrence_anchor: "due_date",
      recurrence_ends_at: null,
      series_id: null,
      series_start: null,
      occurrence_at: null,
      excluded_dates: [],
      series_ordinal: null,
    });
  });
});
