import { describe, expect, test } from "bun:test";
import { anyDay, anyPattern, random } from "../testing/rules.ts";
import { dayOf, lastDay, ymdOf } from "../zone/day.ts";
import { ruleDays } from "./expand.ts";
import { parseRule } from "./parse-rule.ts";
import type { Rule } from "./rule.ts";
import { ruleDayScan } from "./rule-days.ts";

function rule(pattern: string): Rule {
  const parsed = parseRule(pattern);
  if (!parsed.ok) throw new Error(`${pattern}: ${parsed.errors.join(" ")}`);
  return parsed.rule;
}

const shown = (day: number | null): string | null =>
  day === null ? null : new Date(day * 86_400_000).toISOString().slice(0, 10);

/** The first days by our own scan alone. */
function scanned(which: Rule, startDay: number, fromDay: number, limit: number): number[] {
  const nextDay = ruleDayScan(which, startDay);
  const days: number[] = [];
  for (let day = nextDay(fromDay); day !== null && days.length < limit; day = nextDay(day + 1)) days.push(day);
  return days;
}

describe("the scan and the library produce the same days", () => {
  // Numbered and plain weekdays together: what the library alone reads as "a Monday that is the first
  // Tuesday".
  const mixed = ["FREQ=MONTHLY;BYDAY=MO,1TU", "FREQ=YEARLY;BYDAY=SU,20MO", "FREQ=YEARLY;BYMONTH=3,5;BYDAY=-1FR,WE"];

  test.each([1, 2, 3, 4])("of a thousand generated rules, seed %d", (seed) => {
    const from = random(seed);
    for (let index = 0; index < 1_000; index++) {
      const pattern = index < mixed.length ? (mixed[index] ?? "") : anyPattern(from, 2_030);
      const which = { ...rule(pattern), count: null };
      const startDay = anyDay(from, 1_970, 2_190);
      const fromDay = startDay + (from.chance(0.5) ? 0 : from.int(0, 20_000));
      const days = ruleDays(which, startDay, fromDay, 6);
      expect({ pattern, startDay, fromDay, days }).toEqual({
        pattern,
        startDay,
        fromDay,
        days: scanned(which, startDay, fromDay, 6),
      });
    }
  });
});

describe("possible or not", () => {
  test.each([
    ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU", "2026-01-01", "2032-02-29"],
    ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO", "2072-03-01", "2112-02-29"],
    ["FREQ=DAILY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU", "2032-03-01", "2060-02-29"],
    ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2096-03-01", "2104-02-29"],
    ["FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29", "2025-01-01", null],
    ["FREQ=YEARLY;BYYEARDAY=366", "2026-01-01", "2028-12-31"],
    ["FREQ=YEARLY;BYYEARDAY=-366", "2026-01-01", "2028-01-01"],
    ["FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO", "2026-01-01", "2026-12-28"],
    ["FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "2026-01-01", "2026-02-13"],
    ["FREQ=MONTHLY;BYDAY=5MO;BYMONTH=2", "2026-01-01", "2044-02-29"],
    ["FREQ=MONTHLY;BYMONTHDAY=31;INTERVAL=12", "2026-04-10", null],
    ["FREQ=WEEKLY;INTERVAL=999;BYMONTH=2", "2026-01-01", "2045-02-23"],
    ["FREQ=DAILY;INTERVAL=7;BYDAY=TU", "2026-01-01", null],
    ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-01-01", null],
    ["FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=3", "2026-01-01", null],
    ["FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=-2", "2026-01-01", "2026-01-05"],
    ["FREQ=DAILY", "2199-12-31", "2199-12-31"],
  ])("%s from %s: %s", (pattern, start, expected) => {
    const startDay = Date.parse(start) / 86_400_000;
    expect(shown(ruleDayScan(rule(pattern), startDay)(startDay))).toBe(expected);
  });

  test("nothing lies beyond 2199-12-31", () => {
    expect(ruleDayScan(rule("FREQ=DAILY"), lastDay)(lastDay + 1)).toBeNull();
    expect(ruleDays(rule("FREQ=DAILY"), lastDay - 1, lastDay - 1, 50)).toEqual([lastDay - 1, lastDay]);
  });

  test("the limit on candidates ends no search for a possible rule", () => {
    // Every daily and weekly rule whose days are rare: one date of the year, one weekday, short
    // intervals.
    for (const [month, dayOfMonth] of [
      [2, 29],
      [12, 31],
      [1, 1],
    ] as const) {
      for (let interval = 1; interval <= 12; interval++) {
        const pattern = `FREQ=DAILY;INTERVAL=${interval};BYMONTH=${month};BYMONTHDAY=${dayOfMonth};BYDAY=WE`;
        const startDay = dayOf(1970, 3, 1);
        const brute = firstByBruteForce(startDay, interval, month, dayOfMonth);
        expect(`${pattern} ${shown(ruleDayScan(rule(pattern), startDay)(startDay))}`).toBe(
          `${pattern} ${shown(brute)}`,
        );
      }
    }
  });
});

function firstByBruteForce(startDay: number, interval: number, month: number, dayOfMonth: number): number | null {
  for (let day = startDay; day <= lastDay; day += interval) {
    const date = ymdOf(day);
    const isWednesday = new Date(day * 86_400_000).getUTCDay() === 3;
    if (isWednesday && date.month === month && date.dayOfMonth === dayOfMonth) return day;
  }
  return null;
}
