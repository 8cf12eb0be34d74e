import { describe, expect, test } from "bun:test";
import type { ImportItem } from "../item.ts";
import { readFile } from "../read-file.ts";

const reader = { timeZone: "Europe/Berlin", now: new Date("2026-12-01T10:00:00Z") };
const calendar = (...lines: string[]) =>
  readFile(
    { mediaType: "text/calendar", content: ["BEGIN:VCALENDAR", ...lines, "END:VCALENDAR", ""].join("\r\n") },
    reader,
  );

/** The body with the dates of the item beside it; absent and empty fields left out. */
const told = ({ body, completedAt }: ImportItem) =>
  Object.fromEntries(
    Object.entries({ ...body, completedAt }).filter(
      ([, value]) => value !== null && value !== "" && !(Array.isArray(value) && value.length === 0),
    ),
  );
const fieldsOf = ({ lost }: { lost: { field: string }[] }): string[] => lost.map(({ field }) => field);

describe("a calendar", () => {
  test("to-dos with zones, alarms, skipped and moved dates; events are named as lost", () => {
    const file = calendar(
      "BEGIN:VEVENT",
      "UID:e",
      "SUMMARY:Party",
      "END:VEVENT",
      "BEGIN:VTODO",
      "UID:1",
      "SUMMARY:Tea\\, then",
      "  coffee",
      "DTSTART;TZID=/mozilla.org/20050126_1/Europe/Berlin:20301201T090000",
      "DUE;TZID=Europe/Berlin:20301201T090000",
      "RRULE:FREQ=DAILY;UNTIL=20301231T090000",
      "EXDATE;TZID=Europe/Berlin:20301203T090000",
      "CATEGORIES:a\\,b,c",
      "PRIORITY:1",
      "LOCATION:Kitchen",
      "BEGIN:VALARM",
      "TRIGGER;RELATED=END:-PT15M",
      "ACTION:DISPLAY",
      "END:VALARM",
      "END:VTODO",
      "BEGIN:VTODO",
      "UID:1",
      "RECURRENCE-ID;TZID=Europe/Berlin:20301201T090000",
      "DUE;TZID=Europe/Berlin:20301201T110000",
      "END:VTODO",
      "BEGIN:VTODO",
      "UID:2",
      "SUMMARY:Day",
      "DUE;VALUE=DATE:20301202",
      "STATUS:COMPLETED",
      "COMPLETED:20301202T100000Z",
      "END:VTODO",
    );
    expect(file.items.map(told)).toMatchObject([
      {
        title: "Tea, then coffee",
        priority: "urgent",
        tags: ["a,b", "c"],
        due_date: "2030-12-01T10:00:00.000Z",
        time_zone: "Europe/Berlin",
        recurring_pattern: "FREQ=DAILY;UNTIL=20301231",
      },
      { title: "Day", all_day: true, due_date: "2030-12-01T23:00:00.000Z", completedAt: "2030-12-02T10:00:00.000Z" },
    ]);
    expect(file.items[0]?.own?.series).toMatchObject({
      start: "2030-12-01T08:00:00.000Z",
      excluded_dates: ["2030-12-03T08:00:00.000Z"],
    });
    expect(fieldsOf(file)).toEqual(["VEVENT", "LOCATION"]);
  });

  test.each([
    ["END:VTODO", "ends what was not open"],
    ["BEGIN:VTODO", "ends what was not open"],
    ["?", "is no line of a calendar"],
  ])("%p is named with its line", (line, detail) => {
    expect(calendar(line).errors[0]).toMatchObject({ detail });
  });
});
