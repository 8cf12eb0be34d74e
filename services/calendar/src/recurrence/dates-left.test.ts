import { expect, test } from "bun:test";
import { anyDay, anyPattern, random } from "../testing/rules.ts";
import { datesLeft } from "./dates-left.ts";
import { dateAfterSkip } from "./next-date.ts";
import { planSeries } from "./plan-series.ts";

test("COUNT leaves as many dates as skipping one after the other finds", () => {
  const made = random(11);
  for (let round = 0; round < 300; round++) {
    const anchor = made.pick(["due_date", "completion"] as const);
    const dueAt = new Date(anyDay(made, 2_020, 2_030) * 86_400_000 + made.int(0, 1_439) * 60_000);
    const pattern = `${anyPattern(made, 2_035).replace(/;?(COUNT|UNTIL|INTERVAL)=[^;]+/g, "")};COUNT=${made.int(1, 12)}`;
    const plan = planSeries({ pattern, dueAt, allDay: false, timeZone: "Europe/Berlin", endsAt: null, now: dueAt });
    if (!plan.ok) continue;
    let position = { series: plan.series, anchor, occurrenceAt: plan.dueAt, ordinal: plan.firstOrdinal as number };
    const left: (number | null)[] = [];
    for (;;) {
      left.push(datesLeft(position));
      const next = dateAfterSkip(position);
      if (next.kind === "ended") break;
      position = { ...position, occurrenceAt: next.at, ordinal: position.ordinal + 1 };
    }
    // No date is beyond 2199: there COUNT may leave more than there are.
    if (position.occurrenceAt.getUTCFullYear() > 2_150) continue;
    expect({ pattern, anchor, left }).toEqual({ pattern, anchor, left: left.map((_, at) => left.length - 1 - at) });
  }
});

test("a rule without COUNT has no number of dates left", () => {
  const at = new Date("2026-11-30T09:00:00Z");
  const plan = planSeries({ pattern: "daily", dueAt: at, allDay: false, timeZone: "UTC", endsAt: null, now: at });
  expect(plan.ok && datesLeft({ series: plan.series, anchor: "due_date", occurrenceAt: at, ordinal: 1 })).toBeNull();
});
