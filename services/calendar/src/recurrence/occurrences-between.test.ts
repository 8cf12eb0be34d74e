import { describe, expect, test } from "bun:test";
import { anyDay, anyPattern, type Random, random } from "../testing/rules.ts";
import { currentZones } from "../zone/current-zones.ts";
import { instantOf } from "../zone/zone.ts";
import { type Anchor, dateAfterCompletion, dateAfterSkip, type Position } from "./next-date.ts";
import { occurrencesAfter } from "./occurrences.ts";
import { occurrencesBetween } from "./occurrences-between.ts";
import { planSeries } from "./plan-series.ts";

const dayMs = 86_400_000;
const zones = currentZones().names().sort();

/** A generated series with a window of some months that begins before or after it does. */
function anySeries(from: Random, anchor: Anchor): { position: Position; start: Date } | null {
  const timeZone = from.pick(zones);
  const dueAt = instantOf({ day: anyDay(from, 2_020, 2_030), timeMs: from.int(0, 1_439) * 60_000 }, timeZone);
  const plan = planSeries({
    pattern: from.chance(0.3) ? from.pick(["daily", "weekly", "monthly", "yearly"]) : anyPattern(from, 2_032),
    dueAt,
    allDay: from.chance(0.3),
    timeZone,
    endsAt: from.chance(0.2) ? new Date(dueAt.getTime() + from.int(1, 200) * dayMs) : null,
    now: dueAt,
  });
  if (!plan.ok) return null;
  const skipped = occurrencesAfter(plan.series, plan.dueAt, 3).flatMap(({ at }) => (from.chance(0.2) ? [at] : []));
  const series = { ...plan.series, skipped: anchor === "completion" ? [] : skipped };
  return { position: { series, anchor, occurrenceAt: plan.dueAt, ordinal: plan.firstOrdinal }, start: plan.dueAt };
}

const times = (dates: { at: Date }[]): string[] => dates.map(({ at }) => at.toISOString());

test("the dates in a window match those that the task engine finds one by one", () => {
  const made = random(3);
  for (let round = 0; round < 400; round++) {
    const found = anySeries(made, "due_date");
    if (found === null) continue;
    const { position, start } = found;
    const from = new Date(start.getTime() + made.int(-60, 200) * dayMs);
    const to = new Date(from.getTime() + made.int(1, 120) * dayMs);
    const all = occurrencesAfter(position.series, new Date(Math.max(start.getTime(), from.getTime() - 1)), 130);
    expect(times(occurrencesBetween(position, { from, to, now: start }))).toEqual(
      times(all.filter(({ at }) => at < to)),
    );
  }
});

test("counted from completions they match completing each on its own day", () => {
  const made = random(5);
  for (let round = 0; round < 200; round++) {
    const found = anySeries(made, "completion");
    if (found === null) continue;
    const { position, start } = found;
    const to = new Date(start.getTime() + made.int(1, 60) * dayMs);
    const expected: string[] = [];
    let current = position;
    for (;;) {
      const next = dateAfterSkip(current);
      if (next.kind === "ended" || next.at >= to) break;
      expected.push(next.at.toISOString());
      current = { ...current, occurrenceAt: next.at, ordinal: current.ordinal + 1 };
    }
    expect(times(occurrencesBetween(position, { from: start, to, now: start }))).toEqual(expected);
  }
});

describe("an overdue task", () => {
  const plan = planSeries({
    pattern: "daily",
    dueAt: new Date("2026-11-27T00:00:00Z"),
    allDay: true,
    timeZone: "UTC",
    endsAt: null,
    now: new Date(0),
  });
  if (!plan.ok) throw new Error("refused");
  const at = { series: plan.series, anchor: "due_date", occurrenceAt: plan.dueAt, ordinal: 1 } as const;
  const now = new Date("2026-11-30T12:00:00Z");

  test("leads to today's date first, as completing it now would", () => {
    const dates = occurrencesBetween(at, {
      from: new Date("2026-11-01T00:00:00Z"),
      to: new Date("2026-12-02T00:00:00Z"),
      now,
    });
    expect(times(dates)).toEqual(["2026-11-30T00:00:00.000Z", "2026-12-01T00:00:00.000Z"]);
    const next = dateAfterCompletion(at, now);
    expect(next.kind === "date" && next.at.toISOString()).toBe(times(dates)[0] ?? "none");
  });

  test("has no date in a past or empty window", () => {
    for (const [from, to] of [
      ["2026-11-01", "2026-11-15"],
      ["2026-12-05", "2026-12-05"],
      ["2026-12-09", "2026-12-01"],
    ])
      expect(occurrencesBetween(at, { from: new Date(`${from}`), to: new Date(`${to}`), now })).toEqual([]);
  });
});
