import { expect, test } from "bun:test";
import { mergeForms, patchOf, readOriginal, type TaskForm } from "./task-form.ts";

const form: TaskForm = {
  title: "Bread",
  description: "",
  due_day: "2026-11-27",
  due_time: "09:00",
  all_day: false,
  time_zone: "Europe/Berlin",
  priority: "medium",
  kept_tags: ["home", "a, b"],
  tags: "",
  recurring_pattern: "",
  recurrence_anchor: "due_date",
  recurrence_ends_day: "",
  repeat: "none",
  every: "2",
  unit: "weeks",
  weekdays: [],
  ends: "never",
  times: "10",
  scope: "this",
};

test("untouched fields are not sent", () => {
  expect(patchOf(form, form)).toEqual({ patch: {} });
});

const due = (due_date: string | null, all_day: boolean, time_zone = "Europe/Berlin") => ({
  due_date,
  all_day,
  time_zone,
});

test.each<[string, Partial<TaskForm>, object]>([
  ["a title loses the blanks around it", { title: " Rolls " }, { title: "Rolls" }],
  ["an emptied description", { description: "" }, {}],
  ["another time", { due_time: "10:30" }, due("2026-11-27T10:30:00+01:00", false)],
  ["a removed time means all day", { due_time: "" }, due("2026-11-27T00:00:00+01:00", true)],
  ["ticking all day beside the old time", { all_day: true }, due("2026-11-27T00:00:00+01:00", true)],
  ["a removed date", { due_day: "", due_time: "" }, due(null, false)],
  [
    "another zone keeps the clock's reading",
    { time_zone: "Asia/Tokyo" },
    due("2026-11-27T09:00:00+09:00", false, "Asia/Tokyo"),
  ],
  [
    "an unticked tag, and new ones without duplicates",
    { kept_tags: ["a, b"], tags: "Work, , work, A, b" },
    { tags: ["a, b", "Work", "A", "b"] },
  ],
  [
    "a rule and its end",
    { recurring_pattern: "daily", recurrence_ends_day: "2026-12-31" },
    { recurring_pattern: "daily", recurrence_ends_at: "2026-12-31T23:59:59+01:00" },
  ],
])("%s", (_name, typed, patch) => {
  expect(patchOf(form, { ...form, ...typed })).toEqual({ patch });
});

test("a time typed beside the old tick of all day counts", () => {
  const allDay = { ...form, all_day: true, due_time: "" };
  expect(patchOf(allDay, { ...allDay, due_time: "14:00" })).toEqual({ patch: due("2026-11-27T14:00:00+01:00", false) });
});

test.each<[keyof TaskForm, Partial<TaskForm>]>([
  ["due_day", { due_day: "tomorrow" }],
  ["due_day", { due_day: "" }],
  ["recurrence_ends_day", { repeat: "daily", recurrence_ends_day: "never" }],
  ["times", { repeat: "daily", ends: "after", times: "0" }],
  ["time_zone", { time_zone: "Nowhere/Land" }],
])("unreadable input is reported at %s", (field, typed) => {
  const result = patchOf(form, { ...form, ...typed });
  expect("errors" in result && Object.keys(result.errors)).toEqual([field]);
});

test("two edits of one original are merged, and where both touched a field the typed one wins", () => {
  const mine = { ...form, title: "Mine", priority: "high" };
  const theirs = { ...form, title: "Theirs", description: "Theirs" };
  expect(mergeForms(form, mine, theirs)).toEqual({
    merged: { ...form, title: "Mine", priority: "high", description: "Theirs" },
    theirs: ["title", "description"],
  });
});

test("an original that is not one of ours is rejected", () => {
  expect(readOriginal(JSON.stringify(form))).toEqual(form);
  const { scope, ...older } = form;
  expect(readOriginal(JSON.stringify(older))).toEqual({ ...older, scope });
  for (const text of [
    "",
    "null",
    "[]",
    "{}",
    JSON.stringify({ ...form, kept_tags: [1] }),
    JSON.stringify({ ...form, title: null }),
  ]) {
    expect(readOriginal(text)).toBeNull();
  }
});
