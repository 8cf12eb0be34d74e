import { describe, expect, test } from "bun:test";
import type { Anchor } from "./next-date.ts";
import { type Pause, pauseSeries } from "./pause-series.ts";
import { planSeries } from "./plan-series.ts";

const at = (text: string): Date => new Date(text);
const holidays = { from: at("2026-12-24T00:00:00Z"), until: at("2027-01-04T00:00:00Z") };

function pause(
  pattern: string,
  first: string,
  more: { dueAt?: string; anchor?: Anchor; allDay?: boolean } = {},
): Pause {
  const allDay = more.allDay ?? false;
  const plan = planSeries({ pattern, dueAt: at(first), allDay, timeZone: "UTC", endsAt: null, now: at(first) });
  if (!plan.ok) throw new Error("refused");
  const { series, dueAt, firstOrdinal: ordinal } = plan;
  const position = { series, anchor: more.anchor ?? "due_date", occurrenceAt: dueAt, ordinal } as const;
  return pauseSeries(position, more.dueAt === undefined ? dueAt : at(more.dueAt), holidays);
}
const days = (pause: Pause): string[] =>
  "skipped" in pause ? pause.skipped.map((date) => date.toISOString().slice(5, 10)) : [];
const next = (pause: Pause): string | null => (pause.kind === "moves" ? pause.next.at.toISOString() : null);

describe("a task whose date is in the pause", () => {
  test("moves to the first date after it", () => {
    const weekly = pause("weekly", "2026-12-25T09:00:00Z");
    expect([days(weekly), next(weekly)]).toEqual([["12-25", "01-01"], "2027-01-08T09:00:00.000Z"]);
  });

  test("also on the pause's first instant, and not on its last", () => {
    expect(next(pause("daily", "2026-12-24T00:00:00Z"))).toBe("2027-01-04T00:00:00.000Z");
    expect(pause("daily", "2027-01-04T00:00:00Z").kind).toBe("untouched");
  });

  test("counted from completions it moves as skipping each would", () => {
    const every3 = pause("FREQ=DAILY;INTERVAL=3", "2026-12-25T09:00:00Z", { anchor: "completion" });
    expect([days(every3), next(every3)]).toEqual([["12-25", "12-28", "12-31", "01-03"], "2027-01-06T09:00:00.000Z"]);
  });

  test("has no date to move to when the series ends in the pause", () => {
    expect(pause("FREQ=DAILY;COUNT=5", "2026-12-25T09:00:00Z").kind).toBe("ends");
    expect(pause("FREQ=DAILY;COUNT=3", "2026-12-25T09:00:00Z", { anchor: "completion" }).kind).toBe("ends");
  });
});

describe("a task whose date is before the pause", () => {
  test("stays, and the dates in the pause are removed", () => {
    expect(days(pause("FREQ=WEEKLY;BYDAY=MO,TH", "2026-12-21T00:00:00Z", { allDay: true }))).toEqual([
      "12-24",
      "12-28",
      "12-31",
    ]);
  });

  test("is untouched when the pause holds no date, or when dates are counted from completions", () => {
    expect(pause("monthly", "2026-12-20T09:00:00Z").kind).toBe("untouched");
    expect(pause("daily", "2026-12-20T09:00:00Z", { anchor: "completion" }).kind).toBe("untouched");
  });
});

test("where a person moved the one date, its own place decides", () => {
  expect(pause("weekly", "2026-12-23T09:00:00Z", { dueAt: "2026-12-25T09:00:00Z" }).kind).toBe("moves");
  expect(pause("weekly", "2026-12-25T09:00:00Z", { dueAt: "2027-01-05T09:00:00Z" }).kind).toBe("untouched");
});
