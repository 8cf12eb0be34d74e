import { expect, test } from "bun:test";
import { currentZones, observancesOf } from "./index.ts";

const hour = 3_600_000;

test("Berlin is two rules, and the changes that came before them", () => {
  const observances = observancesOf("Europe/Berlin");
  expect(observances.filter(({ rule }) => rule !== null).map(({ rule, fromMs, toMs }) => [rule, fromMs, toMs])).toEqual(
    [
      ["FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", hour, 2 * hour],
      ["FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", 2 * hour, hour],
    ],
  );
  expect(observances[0]).toEqual({ fromMs: hour, toMs: hour, walls: [hour], rule: null });
});

test.each(["America/New_York", "America/Santiago", "Australia/Lord_Howe", "Pacific/Auckland"])(
  "%s ends in rules",
  (zone) => {
    expect(observancesOf(zone).filter(({ rule }) => rule !== null).length).toBeGreaterThanOrEqual(2);
  },
);

test("every change of every zone is in exactly one observance, or follows from a rule", () => {
  for (const zone of currentZones().names()) {
    const { starts } = currentZones().offsetsOf(zone);
    const changes = [...starts].filter((start) => start > 0).length;
    const observances = observancesOf(zone);
    const listed = observances.slice(1).reduce((sum, { rule, walls }) => sum + (rule === null ? walls.length : 0), 0);
    const ruled = observances
      .filter(({ rule }) => rule !== null)
      .reduce((sum, { walls: [wall = 0] }) => sum + (2201 - new Date(wall).getUTCFullYear()), 0);
    expect([zone, listed + ruled]).toEqual([zone, changes]);
  }
});
