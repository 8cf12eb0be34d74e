import { expect, test } from "bun:test";
import fc from "fast-check";
import { dayOf, daysInMonth, daysInYear, firstWeekOf, weekdayOf, ymdOf } from "./day.ts";

test("a day taken apart is the day the calendar shows, over every day from 1968 to 2201", () => {
  for (let day = dayOf(1968, 1, 1); day <= dayOf(2201, 12, 31); day++) {
    const date = new Date(day * 86_400_000);
    const { year, month, dayOfMonth } = ymdOf(day);
    const parts = [year, month, dayOfMonth, weekdayOf(day)];
    const shown = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), (date.getUTCDay() + 6) % 7];
    if (`${parts}` !== `${shown}`) expect(parts).toEqual(shown);
  }
});

test("a month and a year are as long as the next one's first day says", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1900, max: 2200 }), fc.integer({ min: 1, max: 12 }), (year, month) => {
      expect(daysInMonth(year, month)).toBe(dayOf(year, month + 1, 1) - dayOf(year, month, 1));
      expect(daysInYear(year)).toBe(dayOf(year + 1, 1, 1) - dayOf(year, 1, 1));
    }),
  );
});

test("week 1 is the first with four days in the year, whatever weekday weeks begin on", () => {
  const monday = 0;
  const sunday = 6;
  expect(firstWeekOf(2021, monday)).toBe(dayOf(2021, 1, 4));
  expect(firstWeekOf(2020, monday)).toBe(dayOf(2019, 12, 30));
  expect(firstWeekOf(2015, monday)).toBe(dayOf(2014, 12, 29));
  expect(firstWeekOf(2026, sunday)).toBe(dayOf(2026, 1, 4));
  expect(firstWeekOf(2025, sunday)).toBe(dayOf(2024, 12, 29));
});
