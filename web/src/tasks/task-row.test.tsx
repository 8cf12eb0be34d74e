import { expect, test } from "bun:test";
import type { Task } from "@carillon/contracts/http/tasks";
import { Html } from "../ui/html.ts";
import { DayLine } from "./day-strip.tsx";
import { type RowSetting, TaskRow } from "./task-row.tsx";

const hostile = `"><script>alert(1)</script>&amp;`;
const escaped = "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;";

const now = new Date("2026-11-21T13:00:00Z");
const setting: RowSetting = {
  now,
  reader: { time_zone: "Europe/Berlin", hour_cycle: "h23", date_order: "dmy" },
  back: `/all?search=${hostile}`,
  place: () => hostile,
  underDay: () => false,
  tag: null,
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
  expect(await rowOf({ title: "Bread" })).toContain('aria-label="More for “Bread”"');
  expect(await rowOf({ title: "Bread" })).toContain('aria-label="1 h late: set the date of “Bread”"');
  expect(await rowOf({ title: "Bread", completed: true })).toContain('aria-label="Reopen “Bread”"');
  expect(await rowOf({ title: "Bread", deleted_at: "2026-11-21T12:00:00.000Z" })).toContain(
    'aria-label="Restore “Bread”"',
  );
});

test("late and urgent are shown in words, not by colour alone, and the usual priority is not said", async () => {
  expect(await rowOf()).toContain(">1 h late</time>");
  expect(await rowOf()).toContain(">Urgent priority</span>");
  expect(await rowOf({ completed: true, completed_at: "2026-11-21T12:30:00.000Z" })).not.toContain("late");
  expect(await rowOf({ priority: "low" })).toContain(">Low priority</span>");
  expect(await rowOf({ priority: "medium" })).not.toContain("priority");
});

test("a row in the trash has no link to a page that is gone", async () => {
  expect(await rowOf({ deleted_at: "2026-11-21T12:00:00.000Z" })).not.toContain(`href="/tasks/`);
});

test("under its day a row shows only the time, and a whole day nothing", async () => {
  const due = { due_date: "2026-11-21T15:00:00.000Z" };
  expect(await rowOf(due)).toContain(">Today, 16:00</time>");
  expect(await rowOf(due, { underDay: () => true })).toContain(">16:00</time>");
  expect(await rowOf({ ...due, all_day: true }, { underDay: () => true })).not.toContain("<time");
});

test("two tags are named and the others counted; the tag whose page it is is not repeated", async () => {
  const tags = ["a", "b", "c", "d"].map((name) => ({ id: name, name, color: "#123456" }));
  const row = await rowOf({ tags }, { tag: "a" });
  expect(row.split('class="tag-note"').length - 1).toBe(2);
  expect(row).toContain(">+1</span>");
});

test("the line of the day names what comes next, and hangs a bell where a task of today has a time", async () => {
  const tasks = [
    { ...task, id: "1" },
    { ...task, id: "2", completed: true, due_date: "2026-11-21T11:00:00.000Z" },
    { ...task, id: "3", all_day: true },
    { ...task, id: "4", due_date: "2026-11-22T12:00:00.000Z" },
    { ...task, id: "5", title: "Tea", due_date: "2026-11-21T14:05:00.000Z" },
  ];
  const line = await (<DayLine tasks={tasks} now={now} reader={setting.reader} back="/today" />);
  expect(line.split('class="strip-bell').length - 1).toBe(3);
  expect(line).toContain(">Tea</a>");
  expect(line).toContain(">in 1 h 5 min</span>");
});
