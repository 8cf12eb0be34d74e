import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { currentZones, zoneRelease } from "./current-zones.ts";
import { dayFromText, dayOf, dayText } from "./day.ts";
import { clockChangeAt, instantOf, nextClockChange, offsetMsAt, startOfDay, wallTimeOf } from "./zone.ts";

const zones = fc.constantFrom(...currentZones().names());
const days = fc.integer({ min: dayOf(1970, 1, 2), max: dayOf(2199, 12, 30) });
const runs = { numRuns: 2_000 };

/** A wall time, half of them within two hours of a clock change of the zone. */
const places = fc
  .record({
    zone: zones,
    day: days,
    minute: fc.integer({ min: 0, max: 1_439 }),
    near: fc.integer({ min: -120, max: 120 }),
  })
  .map(({ zone, day, minute, near }) => {
    const change = minute % 2 === 0 ? nextClockChange(new Date(day * 86_400_000), zone) : null;
    const around = change === null ? null : wallTimeOf(new Date(change.getTime() + near * 60_000), zone);
    return { zone, wall: around ?? { day, timeMs: minute * 60_000 } };
  });
const local = ({ day, timeMs }: { day: number; timeMs: number }): number => day * 86_400_000 + timeMs;

describe("in every zone of the newest data", () => {
  test("a time that the clocks show is read back from its instant", () => {
    fc.assert(
      fc.property(places, ({ zone, wall }) => {
        fc.pre(clockChangeAt(wall, zone) !== "gap");
        expect(wallTimeOf(instantOf(wall, zone), zone)).toEqual(wall);
      }),
      runs,
    );
  });

  test("a time in a gap moves forward by the gap", () => {
    fc.assert(
      fc.property(zones, days, fc.nat({ max: 600 }), (zone, day, minute) => {
        const change = nextClockChange(new Date(day * 86_400_000), zone);
        fc.pre(change !== null);
        const [before, after] = [new Date(change.getTime() - 1), change].map((at) => offsetMsAt(at, zone));
        const gapMs = (after ?? 0) - (before ?? 0);
        fc.pre(gapMs > 0);
        const missing = change.getTime() + (before ?? 0) + ((minute * 60_000) % gapMs);
        const wall = {
          day: Math.floor(missing / 86_400_000),
          timeMs: missing - Math.floor(missing / 86_400_000) * 86_400_000,
        };
        expect(clockChangeAt(wall, zone)).toBe("gap");
        expect(local(wallTimeOf(instantOf(wall, zone), zone))).toBe(missing + gapMs);
      }),
      runs,
    );
  });

  test("of a repeated time it is the first, and no earlier instant shows it", () => {
    fc.assert(
      fc.property(places, ({ zone, wall }) => {
        fc.pre(clockChangeAt(wall, zone) !== "gap");
        const at = instantOf(wall, zone).getTime();
        for (const hours of [0.25, 0.5, 1, 2, 24]) {
          expect(wallTimeOf(new Date(at - hours * 3_600_000), zone)).not.toEqual(wall);
        }
      }),
      runs,
    );
  });

  test("a day begins at its first instant, and after the day before it", () => {
    fc.assert(
      fc.property(places, ({ zone, wall: { day } }) => {
        const start = startOfDay(day, zone);
        expect(startOfDay(day + 1, zone).getTime()).toBeGreaterThanOrEqual(start.getTime());
        expect(wallTimeOf(start, zone).day).toBeGreaterThanOrEqual(day);
        expect(wallTimeOf(new Date(start.getTime() - 1), zone).day).toBeLessThan(day);
      }),
      runs,
    );
  });
});

test("the data is 2026f or newer, and has all earlier zones", () => {
  expect(zoneRelease() >= "2026f").toBe(true);
  expect(currentZones().names().length).toBeGreaterThanOrEqual(597);
});

test("a day and its text are one, and no other text is a day", () => {
  fc.assert(fc.property(days, (day) => expect(dayFromText(dayText(day))).toBe(day)));
  for (const text of ["2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "27.11.2026", "1969-12-31", ""])
    expect(dayFromText(text)).toBeNull();
});
