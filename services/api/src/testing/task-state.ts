import { emptyRow, type ReminderRow, type TaskRow, type TaskState } from "../tasks/task-row.ts";

export const ada = "0190d0a0-0000-7000-8000-00000000000a";
export const taskId = "0190d0a0-0000-7000-8000-0000000000f1";
export const now = new Date("2026-11-21T09:00:00.000Z");

/** A plain pending task of Ada's in Berlin, with a test's overrides. */
export const taskState = (row: Partial<TaskRow> = {}, reminders: readonly ReminderRow[] = []): TaskState => ({
  row: {
    ...emptyRow({ userId: ada, id: taskId, now, timeZone: "Europe/Berlin" }),
    title: "Old task",
    version: 1,
    ...row,
  },
  tags: [],
  reminders: [...reminders],
});

/** A pending reminder an hour from now. */
export const reminderRow = (reminder: Partial<ReminderRow> = {}): ReminderRow => ({
  id: "0190d0a0-0000-7000-8000-0000000000e1",
  position: 0,
  before: null,
  remind_at: new Date("2026-11-21T10:00:00.000Z"),
  state: "pending",
  reason: null,
  sent_at: null,
  generation: 1,
  is_snooze: false,
  ...reminder,
});

/** Ids in order, so that a test can name them. */
export function countingIds(): () => string {
  let made = 0;
  return () => `0190d0a0-0000-7000-8000-${String(++made).padStart(12, "0")}`;
}
