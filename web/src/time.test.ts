import { describe, expect, test } from "bun:test";
import { dayOf as dayNumber, dayText } from "@carillon/calendar/zone";
import {
  dayName,
  dayOf,
  dueDay,
  dueText,
  dueTimeText,
  instantOf,
  isOverdue,
  localMoment,
  longDay,
  momentText,
  type Reader,
  ruleText,
  spoken,
  timeText,
  weekdaysFrom,
  weekOf,
} from "./time.ts";

const now = new Date("2026-11-21T13:00:00Z");
const berlin = "Europe/Berlin";
const ada: Reader = { time_zone: berlin, hour_cycle: "h23", date_order: "dmy" };
const american: Reader = { time_zone: berlin, hour_cycle: "h12", date_order: "mdy" };
const task = (due: string | null, more: { time_zone?: string; all_day?: boolean; completed?: boolean } = {}) => ({
  due_date: due,
  time_zone: berlin,
  all_day: false,
  completed: false,
  ...more,
});

test.each([
  ["2026-11-27", "09:00", berlin, "2026-11-27T09:00:00+01:00"],
  ["2026-07-01", "09:00:30", berlin, "2026-07-01T09:00:30+02:00"],
  ["2026-03-29", "02:30", berlin, "2026-03-29T03:30:00+02:00"], // in the gap
  ["2026-10-25", "02:30", berlin, "2026-10-25T02:30:00+02:00"], // the first of two
  ["2026-11-27", "00:00", "Asia/Kathmandu", "2026-11-27T00:00:00+05:45"],
  ["2026-02-30", "09:00", berlin, null],
  ["27.11.2026", "09:00", berlin, null],
  ["2026-11-27", "9 Uhr", berlin, null],
  ["2026-11-27", "25:00", berlin, null],
  ["2026-11-27", "09:00", "Nowhere/Land", null],
])("%s %s in %s is %s", (date, time, zone, expected) => {
  expect(instantOf({ date, time }, zone)).toBe(expected);
});

test("an instant shown in a form and sent back is the same minute again", () => {
  for (const instant of ["2026-03-29T00:59:00.000Z", "2026-03-29T01:00:00.000Z", "2026-12-31T23:00:00.000Z"]) {
    const sent = instantOf(localMoment(instant, berlin), berlin) ?? "";
    expect(new Date(sent).toISOString()).toBe(instant);
  }
  expect(localMoment("2026-11-21T09:00:30.500Z", berlin)).toEqual({ date: "2026-11-21", time: "10:00:30" });
});

test("a local day begins and ends at the midnights of its zone, also when it has 23 or 25 hours", () => {
  expect(dayOf(new Date("2026-03-28T23:30:00Z"), berlin)).toEqual({
    date: "2026-03-29",
    start: "2026-03-29T00:00:00+01:00",
    end: "2026-03-30T00:00:00+02:00",
  });
  expect(dayOf(now, "Pacific/Kiritimati").date).toBe("2026-11-22");
  expect(dayOf(now, berlin, 1).date).toBe("2026-11-22");
});

describe("overdue", () => {
  test.each([
    ["a minute ago", task("2026-11-21T12:59:00Z"), true],
    ["this very instant", task("2026-11-21T13:00:00Z"), true],
    ["in a minute", task("2026-11-21T13:01:00Z"), false],
    ["completed", task("2026-11-01T13:00:00Z", { completed: true }), false],
    ["without a date", task(null), false],
    ["all day today", task("2026-11-20T23:00:00Z", { all_day: true }), false],
    ["all day yesterday", task("2026-11-19T23:00:00Z", { all_day: true }), true],
    [
      "all day where it is already tomorrow",
      task("2026-11-20T10:00:00Z", { all_day: true, time_zone: "Pacific/Kiritimati" }),
      true,
    ],
  ])("%s", (_name, given, late) => expect(isOverdue(given, now)).toBe(late));
});

test("an all-day task has the same day wherever it is looked at from", () => {
  const tokyo = { due_date: "2026-11-21T15:00:00Z", time_zone: "Asia/Tokyo", all_day: true };
  expect(dueDay(tokyo, "America/New_York")).toBe("2026-11-22");
  expect(dueDay({ ...tokyo, all_day: false }, "America/New_York")).toBe("2026-11-21");
  expect(dueDay({ ...tokyo, due_date: null }, berlin)).toBeNull();
});

test.each([
  ["2026-11-20", "Yesterday"],
  ["2026-11-21", "Today"],
  ["2026-11-22", "Tomorrow"],
  ["2026-11-23", "Mon 23 Nov"],
  ["2026-01-05", "Mon 5 Jan"],
  ["2028-02-29", "29 Feb 2028"],
])("%s is shown as %s", (date, name) => expect(dayName(date, now, ada)).toBe(name));

test("due dates and instants in words", () => {
  expect(dueText({ ...task("2026-11-21T17:30:00Z"), due_date: "2026-11-21T17:30:00Z" }, now, ada)).toBe("Today, 18:30");
  expect(dueTimeText({ ...task(null), due_date: "2026-11-21T17:30:00Z" }, ada)).toBe("18:30");
  expect(dueTimeText({ ...task(null, { all_day: true }), due_date: "2026-11-20T23:00:00Z" }, ada)).toBe("All day");
  expect(momentText("2026-12-24T17:00:00Z", now, ada)).toBe("Thu 24 Dec, 18:00");
  expect(longDay("2026-11-21", now, ada)).toBe("Saturday 21 November");
  expect(longDay("2027-01-01", now, ada)).toBe("Friday 1 January 2027");
});

test("B19: every time and date of the pages is in the reader's own clock and order", () => {
  const due = { ...task("2026-11-27T17:30:00Z"), due_date: "2026-11-27T17:30:00Z" };
  expect(dueText(due, now, american)).toBe("Fri, Nov 27, 6:30 PM");
  expect(dueTimeText(due, american)).toBe("6:30 PM");
  expect(dayName("2028-02-29", now, american)).toBe("Feb 29, 2028");
  expect(momentText("2026-11-20T23:05:00Z", now, american)).toBe("Today, 12:05 AM");
  expect(longDay("2027-01-01", now, american)).toBe("Friday, January 1, 2027");
  expect(timeText({ time: "00:00" }, american)).toBe("12:00 AM");
  expect(spoken("Friday 2026-12-04 17:00", american)).toBe("Friday, December 4, 2026, 5:00 PM");
  expect(ruleText("every day, until 3 December 2026", american)).toBe("every day, until December 3, 2026");
  expect(ruleText("every day, until 3 December 2026", ada)).toBe("every day, until 3 December 2026");
});

test("a week begins on the reader's own day", () => {
  const friday = dayNumber(2026, 11, 27);
  const starts = (week_start: "monday" | "saturday" | "sunday") =>
    Array.from({ length: 7 }, (_, at) => dayText(weekOf(friday + at, { week_start })).slice(5));
  expect(starts("monday")).toEqual([...Array(3).fill("11-23"), ...Array(4).fill("11-30")]);
  expect(starts("sunday")).toEqual([...Array(2).fill("11-22"), ...Array(5).fill("11-29")]);
  expect(starts("saturday")).toEqual(["11-21", ...Array(6).fill("11-28")]);
  expect(weekdaysFrom({ week_start: "sunday" })[0]).toBe("Sunday");
  expect(weekdaysFrom({ week_start: "saturday" }).join()).toStartWith("Saturday,Sunday,Monday,");
});
