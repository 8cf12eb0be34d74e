import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { dayOf } from "./day.ts";
import { addDays, clockChangeAt, dayIn, instantOf, isTimeZone, startOfDay, wallTimeOf } from "./zone.ts";

const at = (text: string): Date => new Date(text);
const wall = (date: string, time: string) => {
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return { day: dayOf(year, month, day), timeMs: (hour * 60 + minute) * 60_000 };
};

describe("isTimeZone", () => {
  test.each(["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Asia/Calcutta", "Etc/GMT+5", "Pacific/Apia"])(
    "takes the IANA name %s",
    (name) => expect(isTimeZone(name)).toBe(true),
  );

  test.each(["", "Z", "z", "+02:00", "-0500", "UTC+2", "utc", "europe/berlin", "Europe/Berlin ", "Europe/Atlantis"])(
    "rejects %p, which does not mean the same everywhere",
    (name) => expect(isTimeZone(name)).toBe(false),
  );

  test("rejects any text without throwing, repeatedly", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (name) => {
        const first = isTimeZone(name);
        expect(isTimeZone(name)).toBe(first);
      }),
    );
    expect(isTimeZone("A".repeat(10_000))).toBe(false);
  });
});

describe("wall time to instant", () => {
  test.each([
    ["Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:30:00Z", "gap"],
    ["America/New_York", "2026-03-08", "02:00", "2026-03-08T07:00:00Z", "gap"],
    ["Australia/Lord_Howe", "2026-10-04", "02:10", "2026-10-03T15:40:00Z", "gap"],
    ["America/Nuuk", "2024-03-30", "23:30", "2024-03-31T01:30:00Z", "gap"],
    ["America/Sao_Paulo", "2018-11-04", "00:00", "2018-11-04T03:00:00Z", "gap"],
    ["Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30:00Z", "overlap"],
    ["Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45:00Z", "overlap"],
    ["America/Havana", "2024-11-03", "00:30", "2024-11-03T04:30:00Z", "overlap"],
    // Abolished in 2026: the clocks of the runtime still change there.
    ["America/Vancouver", "2026-12-02", "09:00", "2026-12-02T16:00:00Z", "none"],
    ["America/Edmonton", "2026-12-02", "09:00", "2026-12-02T15:00:00Z", "none"],
    ["Europe/Berlin", "2026-07-01", "09:00", "2026-07-01T07:00:00Z", "none"],
  ] as const)("%s %s %s is %s", (zone, date, time, instant, change) => {
    expect(instantOf(wall(date, time), zone)).toEqual(at(instant));
    expect(clockChangeAt(wall(date, time), zone)).toBe(change);
  });

  test("a time that exists comes back from its instant, in any zone", () => {
    const zones = fc.constantFrom("UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Pacific/Chatham");
    const instants = fc.integer({ min: 0, max: dayOf(2199, 12, 31) * 86_400_000 });
    fc.assert(
      fc.property(zones, instants, (zone, ms) => {
        const reading = wallTimeOf(new Date(ms), zone);
        // The second pass of a repeated hour comes back as the first.
        fc.pre(clockChangeAt(reading, zone) !== "overlap");
        expect(instantOf(reading, zone).getTime()).toBe(ms);
      }),
    );
  });
});

test.each([
  ["Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z"],
  ["America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"],
  ["America/Havana", "2026-03-08", "2026-03-08T05:00:00Z"],
  ["America/Havana", "2024-11-03", "2024-11-03T04:00:00Z"],
  ["Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"],
])("in %s the day %s begins at its first instant", (zone, date, instant) => {
  expect(startOfDay(wall(date, "00:00").day, zone)).toEqual(at(instant));
});

test("an instant falls on the zone's own day", () => {
  expect(dayIn(at("2026-01-01T03:00:00Z"), "America/New_York")).toBe(dayOf(2025, 12, 31));
  expect(dayIn(at("2025-12-31T11:00:00Z"), "Pacific/Kiritimati")).toBe(dayOf(2026, 1, 1));
});

test("days are added on the calendar: the same time of day across a clock change", () => {
  expect(addDays(at("2026-03-28T08:00:00Z"), 1, "Europe/Berlin")).toEqual(at("2026-03-29T07:00:00Z"));
  expect(addDays(at("2026-10-26T09:00:00Z"), -1, "Europe/Berlin")).toEqual(at("2026-10-25T09:00:00Z"));
  expect(addDays(at("2024-02-28T12:00:00Z"), 1, "UTC")).toEqual(at("2024-02-29T12:00:00Z"));
});
