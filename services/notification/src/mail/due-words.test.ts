import { describe, expect, test } from "bun:test";
import { wallTimeOf, weekdayNames, weekdayOf } from "@carillon/calendar/zone";
import fc from "fast-check";
import { dueWords } from "./due-words.ts";

const at = (text: string): Date => new Date(text);
const words = (from: string, dueAt: string, timeZone = "Europe/Berlin"): string =>
  dueWords({ dueAt: at(dueAt), allDay: false, timeZone }, at(from));
const dayWords = (from: string, dueAt: string, timeZone = "Europe/Berlin"): string =>
  dueWords({ dueAt: at(dueAt), allDay: true, timeZone }, at(from));

test("the customer's example: on Thursday 17:00 a task for Friday 17:00 is due in one day", () => {
  expect(words("2026-11-26T16:00:00Z", "2026-11-27T16:00:00Z")).toBe("due in one day (Friday 17:00)");
});

test.each([
  ["2026-11-27T16:00:00Z", "due now (Friday 17:00)"],
  ["2026-11-27T15:45:00Z", "due in 15 minutes (Friday 17:00)"],
  ["2026-11-27T15:59:00Z", "due in one minute (Friday 17:00)"],
  ["2026-11-27T15:00:00Z", "due in one hour (Friday 17:00)"],
  ["2026-11-27T14:30:00Z", "due in one hour and 30 minutes (Friday 17:00)"],
  ["2026-11-27T04:00:00Z", "due in twelve hours (Friday 17:00)"],
  ["2026-11-25T14:00:00Z", "due in two days and two hours (Friday 17:00)"],
  ["2026-11-20T16:00:00Z", "due in one week (Friday 27 November 17:00)"],
  ["2026-11-06T16:00:00Z", "due in three weeks (Friday 27 November 17:00)"],
  ["2026-11-17T16:00:00Z", "due in ten days (Friday 27 November 17:00)"],
  ["2025-11-27T16:00:00Z", "due in 365 days (Friday 27 November 2026 17:00)"],
  ["2026-11-27T16:05:00Z", "was due five minutes ago (Friday 17:00)"],
  ["2026-11-28T16:00:00Z", "was due one day ago (Friday 27 November 17:00)"],
])("at %s it is %s", (from, expected) => {
  expect(words(from, "2026-11-27T16:00:00Z")).toBe(expected);
});

describe("a day is a day of the calendar", () => {
  test("also when the clocks change in between: 25 hours in autumn, 23 in spring", () => {
    expect(words("2026-10-24T15:00:00Z", "2026-10-25T16:00:00Z")).toBe("due in one day (Sunday 17:00)");
    expect(words("2026-03-28T16:00:00Z", "2026-03-29T15:00:00Z")).toBe("due in one day (Sunday 17:00)");
  });

  test("and is the reader's: the same instant is another hour, and another day, elsewhere", () => {
    expect(words("2026-11-26T16:00:00Z", "2026-11-27T16:00:00Z", "Asia/Tokyo")).toBe("due in one day (Saturday 01:00)");
    expect(words("2026-11-26T16:00:00Z", "2026-11-27T16:00:00Z", "America/New_York")).toBe(
      "due in one day (Friday 11:00)",
    );
  });
});

test.each([
  ["2026-11-27T08:00:00Z", "due today (Friday)"],
  ["2026-11-26T08:00:00Z", "due tomorrow (Friday)"],
  ["2026-11-26T22:59:00Z", "due tomorrow (Friday)"],
  ["2026-11-24T08:00:00Z", "due in three days (Friday)"],
  ["2026-11-13T08:00:00Z", "due in 14 days (Friday 27 November)"],
  ["2026-11-28T08:00:00Z", "was due yesterday (Friday 27 November)"],
  ["2026-11-30T08:00:00Z", "was due three days ago (Friday 27 November)"],
])("a task for a whole day has no time: at %s it is %s", (from, expected) => {
  // Friday's first moment in Berlin.
  expect(dayWords(from, "2026-11-26T23:00:00Z")).toBe(expected);
});

test("in every zone, for any two instants, the words name the weekday that the zone's calendar has", () => {
  const instant = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2100, 0) }).map((ms) => new Date(ms));
  const zone = fc.constantFrom(
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
  );
  fc.assert(
    fc.property(instant, fc.integer({ min: -40, max: 400 }), zone, fc.boolean(), (from, days, timeZone, allDay) => {
      const dueAt = new Date(from.getTime() + days * 86_400_000);
      const weekday = weekdayNames[weekdayOf(wallTimeOf(dueAt, timeZone).day)];
      const said = dueWords({ dueAt, allDay, timeZone }, from);
      expect(said).toMatch(new RegExp(`^(due|was due) .+ \\(${weekday}.*\\)$`));
      expect(said).not.toContain("no ");
    }),
    { numRuns: 300 },
  );
});
