import { expect, test } from "bun:test";
import { byDay, byWeek, streakOf } from "./count-days.ts";

const at = (text: string) => ({ at: Date.parse(text) / 1_000, count: 1 });

test("a completion counts on the day that its owner's clock shows", () => {
  const late = [at("2026-11-30T23:15:00Z"), at("2026-12-01T10:00:00Z")];
  expect(byDay(late, "Europe/Berlin")).toEqual([{ date: "2026-12-01", count: 2 }]);
  expect(byDay(late, "UTC")).toEqual([
    { date: "2026-11-30", count: 1 },
    { date: "2026-12-01", count: 1 },
  ]);
});

test("a week is counted under its first day", () => {
  const days = ["2026-11-29", "2026-11-30", "2026-12-06"].map((date) => ({ date, count: 2 }));
  expect(byWeek(days, 6)).toEqual([
    { date: "2026-11-29", count: 4 },
    { date: "2026-12-06", count: 2 },
  ]);
  expect(byWeek(days, 0)).toEqual([
    { date: "2026-11-23", count: 2 },
    { date: "2026-11-30", count: 4 },
  ]);
});

test("a run of days goes on until a whole day has passed without a completion", () => {
  const days = ["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-29", "2026-11-30"].map((date) => ({
    date,
    count: 1,
  }));
  const on = (text: string) => streakOf(days, { now: new Date(text), timeZone: "UTC" });
  expect(on("2026-11-30T12:00:00Z")).toEqual({ current: 2, longest: 3 });
  expect(on("2026-12-01T12:00:00Z")).toEqual({ current: 2, longest: 3 });
  expect(on("2026-12-02T12:00:00Z")).toEqual({ current: 0, longest: 3 });
});
