#!/usr/bin/env bun
import { occurrencesAfter, planSeries } from "../src/recurrence/index.ts";
import { hostilePatterns, madeUpHostilePatterns } from "../src/testing/hostile-rules.ts";
import { anyDay, anyPattern, random } from "../src/testing/rules.ts";

/**
 * Prints the slowest accepted and the slowest rejected rule in milliseconds: `bun bench/recurrence.ts
 * [rules] [seed]` (default 5 000, 1). The limit is 50 ms. An accepted rule is planned, asked for
 * its next date, for 50 dates, and for the next one after a jump of decades.
 */

/** Rules that cost an engine most: rare dates, long counts from 1970, large sets. */
const heavyPatterns = [
  "FREQ=DAILY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU",
  "FREQ=DAILY;INTERVAL=2;BYMONTHDAY=1;COUNT=1000",
  "FREQ=DAILY;INTERVAL=11;BYDAY=MO;BYMONTHDAY=13;COUNT=1000",
  "FREQ=DAILY;COUNT=1000",
  "FREQ=DAILY;INTERVAL=999;BYDAY=MO",
  "FREQ=WEEKLY;BYMONTH=2;COUNT=1000",
  "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=-1,-7;COUNT=1000",
  "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=1000",
  "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1;COUNT=1000",
  "FREQ=MONTHLY;BYDAY=MO,1TU,-1WE;COUNT=1000",
  "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU,1MO;COUNT=1000",
  "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1,1,100;COUNT=1000",
  "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU;COUNT=1000",
  "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;INTERVAL=3;COUNT=1000",
  "FREQ=YEARLY;BYWEEKNO=53;BYYEARDAY=1,2,3,-1,-2,-3;BYDAY=SU;WKST=WE;COUNT=1000",
  `FREQ=YEARLY;BYYEARDAY=${Array.from({ length: 45 }, (_, at) => at * 8 + 1).join(",")};BYSETPOS=-1;COUNT=1000`,
];

type Timing = { pattern: string; ms: number; accepted: boolean };

function time(pattern: string, dueAt: Date): Timing {
  const started = performance.now();
  const plan = planSeries({ pattern, dueAt, allDay: false, timeZone: "America/New_York", endsAt: null, now: dueAt });
  if (plan.ok) {
    occurrencesAfter(plan.series, dueAt, 1);
    occurrencesAfter(plan.series, dueAt, 50);
    occurrencesAfter(plan.series, new Date(dueAt.getTime() + 56 * 31_557_600_000), 1);
  }
  return { pattern, ms: performance.now() - started, accepted: plan.ok };
}

type Case = { pattern: string; dueAt: Date };

/**
 * The slowest of the kind. The twenty slowest are timed again, to measure the rule and not the pauses
 * of a busy machine.
 */
function slowest(cases: Case[], timings: Timing[], accepted: boolean): string {
  const ranked = cases
    .map((which, index) => ({ which, ...(timings[index] ?? time(which.pattern, which.dueAt)) }))
    .filter((timing) => timing.accepted === accepted)
    .sort((a, b) => b.ms - a.ms);
  const middle = ranked[Math.floor(ranked.length / 2)]?.ms ?? 0;
  const again = ranked
    .slice(0, 20)
    .map(({ which, ms }) => ({ ...which, ms: Math.min(ms, ...[1, 2, 3].map(() => timeAnew(which))) }));
  const worst = again.reduce((a, b) => (b.ms > a.ms ? b : a));
  return `${worst.ms.toFixed(1)} ms (median ${middle.toFixed(2)} ms of ${ranked.length}): ${worst.pattern.slice(0, 120)}`;
}

let forgotten = 0;

/** The engine caches answers: enough other questions evict this one. */
function timeAnew({ pattern, dueAt }: Case): number {
  for (let others = 0; others < 200; others++) time("FREQ=DAILY", new Date(++forgotten * 86_400_000));
  return time(pattern, dueAt).ms;
}

const [rules = 5_000, seed = 1] = process.argv.slice(2).map(Number);
const from = random(seed);
const dueDates = Array.from({ length: rules }, () => new Date(anyDay(from, 1_971, 2_060) * 86_400_000 + 32_400_000));
const madeUp: Case[] = dueDates.map((dueAt) => ({ pattern: anyPattern(from, 2_070), dueAt }));
const known: Case[] = [...heavyPatterns, ...hostilePatterns, ...madeUpHostilePatterns(200, seed)].map((pattern) => ({
  pattern,
  dueAt: new Date("1970-01-02T14:00:00Z"),
}));
// The first rules of a process pay for compiling the code.
for (const { pattern, dueAt } of madeUp.slice(0, 200)) time(pattern, new Date(dueAt.getTime() + 86_400_000));
const cases = [...known, ...madeUp];
const timings = cases.map(({ pattern, dueAt }) => time(pattern, dueAt));
process.stdout.write(`slowest accepted rule: ${slowest(cases, timings, true)}\n`);
process.stdout.write(`slowest refused rule:  ${slowest(cases, timings, false)}\n`);
