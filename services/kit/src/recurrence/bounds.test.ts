import { expect, test } from "bun:test";
import { hostilePatterns, madeUpHostilePatterns } from "../testing/hostile-rules.ts";
import { anyPattern, random } from "../testing/rules.ts";
import { dateAfterCompletion } from "./next-date.ts";
import { planSeries } from "./plan-series.ts";

const barMs = 50;
const tries = 5;
const dayMs = 86_400_000;

/** The least time a question takes of a few tries, in milliseconds: what counts is the rule, not the pauses of a busy machine. */
function leastMs(ask: (attempt: number) => void): number {
  const times = Array.from({ length: tries }, (_, attempt) => {
    const startedAt = performance.now();
    ask(attempt);
    return performance.now() - startedAt;
  });
  return Math.min(...times);
}

const plan = (pattern: string, dueAt: Date) =>
  planSeries({ pattern, dueAt, allDay: false, timeZone: "America/New_York", endsAt: null, now: dueAt });

test("every hostile rule is refused within 50 ms (G17)", () => {
  const patterns = [...hostilePatterns, ...madeUpHostilePatterns(200, 1)];
  expect(patterns.length).toBeGreaterThan(200);
  const dueAt = new Date("1970-01-02T14:00:00Z");
  for (const pattern of patterns) {
    const refused = { pattern: pattern.slice(0, 80), accepted: plan(pattern, dueAt).ok };
    expect(refused).toEqual({ ...refused, accepted: false });
    expect({ ...refused, slow: leastMs(() => plan(pattern, dueAt)) > barMs }).toEqual({ ...refused, slow: false });
  }
});

test("the date after a completion is found within 50 ms for any accepted rule, decades late (G17)", () => {
  const from = random(3);
  const patterns = [
    "FREQ=DAILY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU",
    "FREQ=DAILY;INTERVAL=11;BYDAY=MO;BYMONTHDAY=13;COUNT=1000",
    "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1,1,100;COUNT=1000",
    "FREQ=YEARLY;BYWEEKNO=53;BYYEARDAY=1,2,3,-1,-2,-3;BYDAY=SU;WKST=WE;COUNT=1000",
    ...Array.from({ length: 200 }, () => anyPattern(from, 2_070)),
  ];
  const slow = patterns.filter((pattern) => {
    // Another due date each time: the engine remembers what it was asked before.
    const ms = leastMs((attempt) => {
      const dueAt = new Date(Date.UTC(1971, 0, 2, 14) + attempt * 7 * dayMs);
      const planned = plan(pattern, dueAt);
      if (!planned.ok) return;
      const position = { series: planned.series, anchor: "due_date" as const, occurrenceAt: dueAt, ordinal: 1 };
      dateAfterCompletion(position, new Date("2030-01-01T00:00:00Z"));
    });
    return ms > barMs;
  });
  expect(slow).toEqual([]);
});
