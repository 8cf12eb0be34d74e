import { describe, expect, test } from "bun:test";
import type { NewTask, TaskPatch } from "@carillon/contracts/http/tasks";
import { reminderRow, taskState } from "../testing/task-state.ts";
import { fieldsOf, newFields, patchedFields } from "./fields.ts";
import type { TaskState } from "./task-row.ts";

const defaults = {
  title: "a",
  description: "",
  priority: 1,
  dueAt: null,
  timeZone: "Europe/Berlin",
  allDay: false,
  tagNames: [],
  pattern: null,
  anchor: "due_date",
  endsAt: null,
  reminders: [],
};

describe("a new task", () => {
  const read = (body: Omit<NewTask, "title">) => newFields({ title: "a", ...body }, "Europe/Berlin");

  test("takes the defaults for absent or null fields", () => {
    const nothing = {
      description: null,
      priority: null,
      due_date: null,
      time_zone: null,
      all_day: null,
      tags: null,
      recurring_pattern: null,
      recurrence_anchor: null,
      recurrence_ends_at: null,
      reminder_at: null,
      reminders: null,
    };
    expect(read({})).toEqual({ value: defaults, errors: [] } as never);
    expect(read(nothing)).toEqual({ value: defaults, errors: [] } as never);
  });

  test("takes the given fields, and priorities by their rank", () => {
    const { value } = read({
      description: "b\n",
      priority: "urgent",
      due_date: "2026-11-27T17:00:00.123456+01:00",
      time_zone: "Asia/Tokyo",
      tags: ["x", "y"],
      recurring_pattern: "daily",
      recurrence_anchor: "completion",
      recurrence_ends_at: "2027-01-01T00:00:00Z",
    });
    expect(value).toMatchObject({
      description: "b\n",
      priority: 3,
      dueAt: new Date("2026-11-27T16:00:00.123Z"),
      timeZone: "Asia/Tokyo",
      tagNames: ["x", "y"],
      pattern: "daily",
      anchor: "completion",
      endsAt: new Date("2027-01-01T00:00:00Z"),
    });
  });

  test.each([
    { due: "2026-11-27T00:30:00+01:00", zone: "Europe/Berlin", start: "2026-11-26T23:00:00.000Z" },
    { due: "2026-11-26T22:59:59.999Z", zone: "Europe/Berlin", start: "2026-11-25T23:00:00.000Z" },
    { due: "2026-11-26T23:00:00Z", zone: "Europe/Berlin", start: "2026-11-26T23:00:00.000Z" },
    { due: "2026-11-27T00:30:00+01:00", zone: "Pacific/Kiritimati", start: "2026-11-26T10:00:00.000Z" },
    { due: "2026-11-27T00:30:00+01:00", zone: "Pacific/Pago_Pago", start: "2026-11-26T11:00:00.000Z" },
    { due: "2026-04-24T12:00:00Z", zone: "Africa/Cairo", start: "2026-04-23T22:00:00.000Z" },
    { due: "2024-11-03T12:00:00Z", zone: "America/Havana", start: "2024-11-03T04:00:00.000Z" },
  ])("for a whole day begins at that day's first instant: $due in $zone", ({ due, zone, start }) => {
    const { value } = newFields({ title: "a", due_date: due, all_day: true }, zone);
    expect(value).toMatchObject({ dueAt: new Date(start), timeZone: zone });
  });

  test("for a whole day uses the user's zone, on the day in the zone it names", () => {
    const { value } = read({ due_date: "2026-11-27T00:30:00+01:00", time_zone: "Pacific/Pago_Pago", all_day: true });
    expect(value).toMatchObject({ dueAt: new Date("2026-11-25T23:00:00Z"), timeZone: "Europe/Berlin" });
    expect(read({ recurring_pattern: "daily", time_zone: "Asia/Tokyo" }).value.timeZone).toBe("Europe/Berlin");
  });

  test.each(["Nowhere/Land", "europe/berlin", "+02:00", "", "UTC+1", "Europe/Berlin ", "__proto__"])(
    "in the zone %j is rejected",
    (zone) => {
      const { errors } = read({ time_zone: zone, due_date: "2026-11-27T17:00:00Z", all_day: true });
      expect(errors).toEqual([{ pointer: "/time_zone", detail: "must be an IANA time zone such as Europe/Berlin" }]);
    },
  );

  test("counts equal reminders once, and remembers the place of each", () => {
    const at = "2026-11-27T17:00:00Z";
    const { value } = read({
      reminders: [
        { before: "60m" },
        { before: "1h" },
        { before: "24h" },
        { before: "1d" },
        { at },
        { at: "2026-11-27T18:00:00+01:00" },
      ],
      reminder_at: at,
    });
    expect(value.reminders).toEqual([
      { before: "60m", pointer: "/reminders/0" },
      { before: "24h", pointer: "/reminders/2" },
      { before: "1d", pointer: "/reminders/3" },
      { at: new Date(at), pointer: "/reminders/4" },
    ]);
  });
});

describe("a patch", () => {
  const dueAt = new Date("2026-11-27T16:00:00.000Z");
  const before: TaskState = {
    ...taskState(
      {
        title: "Standup",
        description: "daily",
        priority: 3,
        due_at: dueAt,
        recurring_pattern: "daily",
        recurrence_anchor: "completion",
        recurrence_ends_at: new Date("2027-01-01T00:00:00Z"),
      },
      [reminderRow({ before: "1h" }), reminderRow({ id: "0190d0a0-0000-7000-8000-0000000000e2", position: 1 })],
    ),
    tags: [{ id: "0190d0a0-0000-7000-8000-0000000000b1", name: "work", color: "#2563eb" }],
  };
  const read = (patch: TaskPatch, state = before) => patchedFields(state, patch, "Asia/Tokyo").value;
  const kept = [
    { before: "1h", pointer: "/due_date" },
    { at: new Date("2026-11-21T10:00:00.000Z"), pointer: "/due_date" },
  ];

  test("of nothing keeps everything", () => {
    expect(read({})).toEqual(fieldsOf(before));
    expect(read({})).toEqual({
      title: "Standup",
      description: "daily",
      priority: 3,
      dueAt,
      timeZone: "Europe/Berlin",
      allDay: false,
      tagNames: ["work"],
      pattern: "daily",
      anchor: "completion",
      endsAt: new Date("2027-01-01T00:00:00Z"),
      reminders: kept,
    });
  });

  test("with null takes POST's default, the zone that of the user", () => {
    expect(read({ description: null })).toEqual({ ...fieldsOf(before), description: "" });
    expect(read({ priority: null })).toEqual({ ...fieldsOf(before), priority: 1 });
    expect(read({ due_date: null })).toEqual({ ...fieldsOf(before), dueAt: null });
    expect(read({ time_zone: null })).toEqual({ ...fieldsOf(before), timeZone: "Asia/Tokyo" });
    expect(read({ tags: null })).toEqual({ ...fieldsOf(before), tagNames: [] });
    expect(read({ reminders: null })).toEqual({ ...fieldsOf(before), reminders: [] });
    expect(read({ recurrence_anchor: null })).toEqual({ ...fieldsOf(before), anchor: "due_date" });
    expect(read({ recurrence_ends_at: null })).toEqual({ ...fieldsOf(before), endsAt: null });
  });

  test("that removes the pattern removes what belongs to it", () => {
    expect(read({ recurring_pattern: null })).toMatchObject({ pattern: null, anchor: "due_date", endsAt: null });
    expect(read({ recurring_pattern: "weekly" })).toMatchObject({ pattern: "weekly", anchor: "completion" });
  });

  test("replaces tags and reminders as a whole", () => {
    expect(read({ tags: ["home"] }).tagNames).toEqual(["home"]);
    expect(read({ tags: [] }).tagNames).toEqual([]);
    expect(read({ reminders: [{ before: "1d" }] }).reminders).toEqual([{ before: "1d", pointer: "/reminders/0" }]);
    expect(read({ reminders: [] }).reminders).toEqual([]);
  });

  test("with reminder_at adds one absolute reminder, and its null clears only absolute ones", () => {
    const at = "2026-11-22T10:00:00Z";
    expect(read({ reminder_at: at }).reminders).toEqual([...kept, { at: new Date(at), pointer: "/reminder_at" }]);
    expect(read({ reminder_at: "2026-11-21T11:00:00+01:00" }).reminders).toEqual(kept);
    expect(read({ reminder_at: null }).reminders).toEqual([{ before: "1h", pointer: "/due_date" }]);
    expect(read({ reminders: [{ before: "1d" }, { at }], reminder_at: null }).reminders).toEqual([
      { before: "1d", pointer: "/reminders/0" },
    ]);
  });

  test("of the zone alone keeps the instant of a timed task, and changes nothing about a whole day", () => {
    expect(read({ time_zone: "Asia/Tokyo" }).dueAt).toEqual(dueAt);
    const wholeDay = taskState({ due_at: new Date("2026-11-26T15:00:00Z"), all_day: true, time_zone: "Asia/Tokyo" });
    expect(read({ time_zone: "America/Los_Angeles" }, wholeDay)).toEqual(fieldsOf(wholeDay));
  });

  test("of all_day moves the due date to the day's beginning, and of the due date keeps it there", () => {
    // The day in its own zone, converted to the user's.
    expect(read({ all_day: true })).toMatchObject({ dueAt: new Date("2026-11-26T15:00:00Z"), timeZone: "Asia/Tokyo" });
    const wholeDay = taskState({ due_at: new Date("2026-11-26T15:00:00Z"), all_day: true, time_zone: "Asia/Tokyo" });
    expect(read({ due_date: "2026-12-01T15:00:00+09:00" }, wholeDay).dueAt?.toISOString()).toBe(
      "2026-11-30T15:00:00.000Z",
    );
    expect(read({ all_day: false }, wholeDay).dueAt?.toISOString()).toBe("2026-11-26T15:00:00.000Z");
    expect(read({ all_day: null, due_date: "2026-12-01T15:00:00+01:00" }, wholeDay)).toMatchObject({
      allDay: false,
      dueAt: new Date("2026-12-01T14:00:00Z"),
    });
  });
});
