import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { anyDay, anyPattern, random } from "../testing/rules.ts";
import { series } from "../testing/series.ts";
import { occurrencesAfter } from "./occurrences.ts";

describe("laws of every series", () => {
  const zones = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Nuuk",
    "Africa/Cairo",
  ];
  const question = fc.integer({ min: 0, max: 2 ** 31 }).map((seed) => {
    const from = random(seed);
    const start = new Date(anyDay(from, 1_975, 2_180) * 86_400_000 + from.int(0, 86_399) * 1_000).toISOString();
    return {
      which: series(anyPattern(from, 2_100), start, from.pick(zones), { allDay: from.chance(0.2) }),
      jumpDays: from.int(0, 9_000),
    };
  });

  test("dates ascend and are strictly after the given instant", () => {
    fc.assert(
      fc.property(question, ({ which, jumpDays }) => {
        const after = new Date(which.startsAt.getTime() + jumpDays * 86_400_000);
        const found = occurrencesAfter(which, after, 8).map((date) => date.at.getTime());
        expect(found.filter((ms, index) => ms <= (found[index - 1] ?? after.getTime()))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("asking date by date gives the same as asking for all at once", () => {
    fc.assert(
      fc.property(question, ({ which }) => {
        const all = occurrencesAfter(which, which.startsAt, 5).map((date) => date.at);
        const steps: Date[] = [];
        let after = which.startsAt;
        while (steps.length < 5) {
          const [next] = occurrencesAfter(which, after, 1);
          if (next === undefined) break;
          steps.push(next.at);
          after = next.at;
        }
        expect(steps).toEqual(all);
      }),
      { numRuns: 300 },
    );
  });
});
