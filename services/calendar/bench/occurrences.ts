#!/usr/bin/env bun
import { occurrencesBetween, type Position, planSeries } from "../src/recurrence/index.ts";
import { anyDay, anyPattern, random } from "../src/testing/rules.ts";

/**
 * Prints how long 90 days of 500 open series take, in milliseconds of processor time: `bun
 * bench/occurrences.ts` (the limit is 50 ms): all daily, which gives the most dates, and a mix of
 * generated rules.
 */

const now = new Date("2026-11-30T12:00:00Z");
const to = new Date(now.getTime() + 90 * 86_400_000);

function positions(patternOf: (at: number) => string, anchor: Position["anchor"]): Position[] {
  const from = random(1);
  const found: Position[] = [];
  for (let at = 0; found.length < 500; at++) {
    const dueAt = new Date(anyDay(from, 2_024, 2_026) * 86_400_000 + from.int(0, 1_439) * 60_000);
    const timeZone = from.pick(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "America/Vancouver"]);
    const plan = planSeries({ pattern: patternOf(at), dueAt, allDay: at % 4 === 0, timeZone, endsAt: null, now });
    if (plan.ok) found.push({ series: plan.series, anchor, occurrenceAt: plan.dueAt, ordinal: 1 });
  }
  return found;
}

function time(name: string, given: Position[]): void {
  const runs = Array.from({ length: 7 }, () => {
    const before = process.cpuUsage();
    const dates = given.reduce((sum, position) => sum + occurrencesBetween(position, { from: now, to, now }).length, 0);
    return { dates, ms: process.cpuUsage(before).user / 1_000 };
  });
  const best = runs.reduce((a, b) => (b.ms < a.ms ? b : a));
  const first = runs[0]?.ms ?? 0;
  process.stdout.write(
    `${name}: ${best.dates} dates in ${best.ms.toFixed(1)} ms (the first time ${first.toFixed(1)} ms)\n`,
  );
}

const made = random(2);
time(
  "500 daily series",
  positions(() => "daily", "due_date"),
);
time(
  "500 daily series counted from completions",
  positions(() => "daily", "completion"),
);
time(
  "500 series of made-up rules",
  positions(() => anyPattern(made, 2_030), "due_date"),
);
