import { expect, test } from "bun:test";
import type { Task } from "@carillon/contracts/http/tasks";
import { Html } from "../ui/html.ts";
import { DayStrip } from "./day-strip.tsx";
import { type RowSetting, TaskRow } from "./task-row.tsx";

const hostile = `"><script>alert(1)</script>&amp;`;
const escaped = "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;";

const now = new Date("2026-11-21T13:00:00Z");
const setting: RowSetting = {
  now,
  zone: "Europe/Berlin",
  back: `/all?search=${hostile}`,
  place: () => hostile,
  underDay: () => false,
};

const task: Task = {
  id: "0190a000-0000-7000-8000-000000000001",
  user_id: "0190a000-0000-7000-8000-000000000002",
  title: hostile,
  description: hostile,
  status: "pending",
  completed: false,
  completed_at: null,
  priority: "urgent",
  due_date: "2026-11-21T12:00:00.000Z",
  time_zone: "Europe/Berlin",
  all_day: false,
  tags: [{ id: "0190a000-0000-7000-8000-000000000003", name: hostile, color: `"/><script>` }],
  is_recurring: true,
  recurring_pattern: hostile,
  recurrence: { rrule: hostile, text: hostile, anchor: "due_date", ends_at: null },
  parent_task_id: null,
  series_id: null,
  reminder_at: null,
  reminder_sent: false,
  reminders: [],
  version: 3,
  created_at: "2026-11-20T12:00:00.000Z",
  updated_at: "2026-11-20T12:00:00.000Z",
  deleted_at: null,
};

const rowOf = async (changes: Partial<Task> = {}, place: Partial<RowSetting> = {}) =>
  await (<TaskRow task={{ ...task, ...changes }} setting={{ ...setting, ...place }} />);

test("a row shows hostile text as text, in every place", async () => {
  const row = await rowOf();
  expect(row).not.toContain("<script");
  expect(row.split(escaped).length - 1).toBe(3);
});

test("each button of a row says in words what it does to which task", async () => {
  expect(await rowOf({ title: "Bread" })).toContain('aria-label="Complete “Bread”"');
  expect(await rowOf({ title: "Bread" })).toContain('aria-label="Delete “Bread”"');
  expect(await rowOf({ title: "Bread", completed: true })).toContain('aria-label="Reopen “Bread”"');
  expect(await rowOf({ title: "Bread", deleted_at: "2026-11-21T12:00:00.000Z" })).toContain(
    'aria-label="Restore “Bread”"',
  );
});

test("late and urgent are said in words, not by colour alone", async () => {
  const row = await rowOf();
  expect(row).toContain('<span class="sr-only">Overdue: </span>');
  expect(row).toContain(">Urgent</span>");
  expect(await rowOf({ completed: true })).not.toContain("Overdue");
  expect(await rowOf({ priority: "low" })).toContain('<span class="sr-only">Low</span>');
});

test("a row in the trash has no link to a page that is gone", async () => {
  expect(await rowOf({ deleted_at: "2026-11-21T12:00:00.000Z" })).not.toContain(`href="/tasks/`);
});

test("under its day a row says only the time", async () => {
  expect(await rowOf()).toContain(">Today, 13:00</time>");
  expect(await rowOf({}, { underDay: () => true })).toContain(">13:00</time>");
});

test("the day's strip hangs a bell where a task of today has a time, and says the sum in words", async () => {
  const tasks = [
    { ...task, id: "1" },
    { ...task, id: "2", completed: true, due_date: "2026-11-21T11:00:00.000Z" },
    { ...task, id: "3", all_day: true },
    { ...task, id: "4", due_date: "2026-11-22T12:00:00.000Z" },
  ];
  const strip = await (<DayStrip tasks={tasks} now={now} zone="Europe/Berlin" />);
  expect(strip.split('class="strip-bell').length - 1).toBe(2);
  expect(strip).toContain('aria-label="2 tasks have a time today, 1 still to do."');
});
