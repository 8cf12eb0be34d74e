import { expect, test } from "bun:test";
import fc from "fast-check";
import { dayOf } from "../zone/day.ts";
import { clockText, dateText, spokenDate } from "./index.ts";

const friday = dayOf(2026, 12, 4);

test.each([
  [0, "00:00", "12:00 AM"],
  [59, "00:59", "12:59 AM"],
  [60, "01:00", "1:00 AM"],
  [719, "11:59", "11:59 AM"],
  [720, "12:00", "12:00 PM"],
  [779, "12:59", "12:59 PM"],
  [810, "13:30", "1:30 PM"],
  [1_439, "23:59", "11:59 PM"],
])("minute %d of a day is %s or %s", (minute, h23, h12) => {
  expect(clockText(minute * 60_000 + 59_999, { hourCycle: "h23" })).toBe(h23);
  expect(clockText(minute * 60_000, { hourCycle: "h12" })).toBe(h12);
});

test.each([
  [{ names: "short" }, "4 Dec", "Dec 4"],
  [{ names: "short", year: true }, "4 Dec 2026", "Dec 4, 2026"],
  [{ names: "short", weekday: true }, "Fri 4 Dec", "Fri, Dec 4"],
  [{ names: "long", weekday: true }, "Friday 4 December", "Friday, December 4"],
  [{ names: "long", weekday: true, year: true }, "Friday 4 December 2026", "Friday, December 4, 2026"],
  [{ names: "long", year: true, language: "de" }, "4. Dezember 2026", "4. Dezember 2026"],
  [
    { names: "long", weekday: true, year: true, language: "de" },
    "Freitag, 4. Dezember 2026",
    "Freitag, 4. Dezember 2026",
  ],
] as const)("a date with %j is %s or %s", (shape, dmy, mdy) => {
  expect(dateText(friday, { dateOrder: "dmy" }, shape)).toBe(dmy);
  expect(dateText(friday, { dateOrder: "mdy" }, shape)).toBe(mdy);
});

test("a date of an answer for programs is said as its reader is used to; other text stays", () => {
  const [usual, american] = [
    { hourCycle: "h23", dateOrder: "dmy" },
    { hourCycle: "h12", dateOrder: "mdy" },
  ] as const;
  expect(spokenDate("Friday 2026-12-04 17:00", usual)).toBe("Friday 4 December 2026, 17:00");
  expect(spokenDate("Friday 2026-12-04 17:00", american)).toBe("Friday, December 4, 2026, 5:00 PM");
  expect(spokenDate("Friday 2026-12-04 17:00", usual, "de")).toBe("Freitag, 4. Dezember 2026, 17:00");
  expect(spokenDate("Friday 2026-12-04", american)).toBe("Friday, December 4, 2026");
  for (const text of ["", "no date", "Friday 2026-13-04", "Buy Friday 2026-12-04"])
    expect(spokenDate(text, american)).toBe(text);
});

test("every minute of a day has a time of its own in either clock, and none is misread as another", () => {
  const read = (text: string): number => {
    const [, hour = "", minute = "", half] = /^(\d{1,2}):(\d\d)(?: ([AP])M)?$/.exec(text) ?? [];
    return (half ? (Number(hour) % 12) + (half === "P" ? 12 : 0) : Number(hour)) * 60 + Number(minute);
  };
  fc.assert(
    fc.property(fc.nat(1_439), fc.constantFrom("h23" as const, "h12" as const), (minute, hourCycle) => {
      expect(read(clockText(minute * 60_000, { hourCycle }))).toBe(minute);
    }),
  );
});
