import { describe, expect, test } from "bun:test";
import { reminderRow, taskState } from "../testing/task-state.ts";
import { toTask } from "./task-row.ts";

const at = (hour: number) => new Date(Date.UTC(2026, 10, 21, hour));

describe("reminder_at", () => {
  const of = (...reminders: Parameters<typeof taskState>[1] & object) => toTask(taskState({}, reminders)).reminder_at;

  test("is null without reminders, or when none has an instant", () => {
    expect(of()).toBeNull();
    expect(of(reminderRow({ remind_at: null, before: "1h", state: "cancelled" }))).toBeNull();
  });

  test("is the earliest pending one, whatever has rung before", () => {
    const reminders = [
      reminderRow({ remind_at: at(15) }),
      reminderRow({ remind_at: at(12) }),
      reminderRow({ remind_at: at(10), state: "sent" }),
      reminderRow({ remind_at: at(11), state: "cancelled" }),
    ];
    expect(of(...reminders)).toBe("2026-11-21T12:00:00.000Z");
  });

  test("is the last one when none is pending", () => {
    expect(
      of(reminderRow({ remind_at: at(10), state: "sent" }), reminderRow({ remind_at: at(12), state: "missed" })),
    ).toBe("2026-11-21T12:00:00.000Z");
  });
});

describe("reminder_sent says whether the latest reminder was sent", () => {
  const of = (...reminders: Parameters<typeof taskState>[1] & object) => toTask(taskState({}, reminders)).reminder_sent;
  const sent = reminderRow({ remind_at: at(10), state: "sent" });

  test.each([
    ["none", [], false],
    ["one sent", [sent], true],
    ["one sent, one still to come", [sent, reminderRow({ remind_at: at(12) })], false],
    ["one sent, a later one cancelled", [sent, reminderRow({ remind_at: at(12), state: "cancelled" })], true],
    ["one sent, a later one missed", [sent, reminderRow({ remind_at: at(12), state: "missed" })], false],
    ["one failed, a later one sent", [reminderRow({ remind_at: at(9), state: "failed" }), sent], true],
  ] as const)("%s", (_, reminders, expected) => {
    expect(of(...reminders)).toBe(expected);
  });
});

test("a task is shown in full: every field of the contract, times in UTC with milliseconds", () => {
  expect(
    toTask(taskState({ due_at: new Date("2026-11-27T17:00:00+01:00"), completed_at: at(9), priority: 3 })),
  ).toEqual({
    id: "0190d0a0-0000-7000-8000-0000000000f1",
    user_id: "0190d0a0-0000-7000-8000-00000000000a",
    title: "Old task",
    description: "",
    status: "completed",
    completed: true,
    completed_at: "2026-11-21T09:00:00.000Z",
    priority: "urgent",
    due_date: "2026-11-27T16:00:00.000Z",
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
    created_at: "2026-11-21T09:00:00.000Z",
    updated_at: "2026-11-21T09:00:00.000Z",
    deleted_at: null,
  });
});
