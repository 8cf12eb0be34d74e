import { describe, expect, test } from "bun:test";
import { completionOf } from "../test/completion.ts";
import { type Next, nextOccurrence } from "./next-occurrence.ts";

const shown = (next: Next): string => (next.kind === "date" ? next.dueAt.toISOString() : next.kind);
const after = (...given: Parameters<typeof completionOf>): string => shown(nextOccurrence(completionOf(...given)));

describe("the date after a completion", () => {
  test.each([
    ["daily", "the day after", {}, "2026-11-22T09:00:00.000Z"],
    ["daily", "completed days late", { completedAt: "2026-11-25T09:00:00Z" }, "2026-11-26T09:00:00.000Z"],
    ["daily", "completed early", { completedAt: "2026-11-19T09:00:00Z" }, "2026-11-22T09:00:00.000Z"],
    [
      "weekly",
      "moved by hand, its own date counts",
      { occurrenceAt: "2026-11-14T09:00:00Z", start: "2026-11-14T09:00:00Z" },
      "2026-11-28T09:00:00.000Z",
    ],
    ["daily", "with that date skipped", { excluded: ["2026-11-22T09:00:00Z"] }, "2026-11-23T09:00:00.000Z"],
    ["FREQ=WEEKLY;BYDAY=MO,TH", "a rule", {}, "2026-11-23T09:00:00.000Z"],
    ["RRULE:FREQ=MONTHLY;BYDAY=-1FR", "a rule with its prefix", {}, "2026-11-27T09:00:00.000Z"],
    [
      "daily",
      "in its zone across a clock change",
      {
        start: "2026-10-24T07:00:00Z",
        occurrenceAt: "2026-10-24T07:00:00Z",
        completedAt: "2026-10-24T08:00:00Z",
        zone: "Europe/Berlin",
      },
      "2026-10-25T08:00:00.000Z",
    ],
    [
      "daily",
      "of a whole day",
      { start: "2026-11-20T23:00:00Z", occurrenceAt: "2026-11-20T23:00:00Z", zone: "Europe/Berlin", allDay: true },
      "2026-11-21T23:00:00.000Z",
    ],
    [
      "daily",
      "of a whole day that begins at one because midnight was skipped",
      {
        start: "2018-11-04T03:00:00Z",
        occurrenceAt: "2018-11-04T03:00:00Z",
        completedAt: "2018-11-04T12:00:00Z",
        zone: "America/Sao_Paulo",
        allDay: true,
      },
      "2018-11-05T02:00:00.000Z",
    ],
    [
      "FREQ=DAILY;INTERVAL=3",
      "counted from the completion",
      { anchor: "completion", completedAt: "2026-11-24T23:00:00Z" },
      "2026-11-27T09:00:00.000Z",
    ],
    [
      "monthly",
      "with the day it remembers",
      { start: "2026-01-31T09:00:00Z", occurrenceAt: "2026-02-28T09:00:00Z", completedAt: "2026-02-28T10:00:00Z" },
      "2026-03-31T09:00:00.000Z",
    ],
  ] as const)("%s, %s", (pattern, _, more, expected) => {
    expect(after(pattern, { ...more })).toBe(expected);
  });

  test("COUNT includes earlier dates when dates are counted from completions", () => {
    const next = nextOccurrence(completionOf("FREQ=DAILY;COUNT=5", { anchor: "completion", ordinal: 3 }));
    expect(next).toEqual({ kind: "date", dueAt: new Date("2026-11-22T09:00:00Z"), ordinal: 4 });
    const fixed = nextOccurrence(completionOf("FREQ=DAILY;COUNT=5"));
    expect(fixed).toEqual({ kind: "date", dueAt: new Date("2026-11-22T09:00:00Z"), ordinal: null });
  });
});

describe("no date after a completion", () => {
  test.each([
    ["FREQ=DAILY;COUNT=1", {}],
    ["FREQ=DAILY;COUNT=3", { anchor: "completion", ordinal: 3 }],
    ["FREQ=DAILY;UNTIL=20261121", {}],
    ["FREQ=DAILY;UNTIL=20261121T100000Z", {}],
    ["daily", { endsAt: "2026-11-22T08:59:59Z" }],
  ] as const)("%s has ended: %j", (pattern, more) => expect(after(pattern, { ...more })).toBe("ended"));

  test.each([
    ["FREQ=HOURLY", {}, "its pattern is no rule of this release"],
    [null, {}, "its pattern is no rule of this release"],
    ["daily", { zone: "Europe/Atlantis" }, "its time zone is unknown here"],
    ["daily", { start: null }, "it has no place in a series"],
    ["daily", { completedAt: null }, "it has no place in a series"],
  ] as const)("%p with %j cannot be read, and the reason says what", (pattern, more, reason) => {
    expect(nextOccurrence(completionOf(pattern, { ...more }))).toEqual({ kind: "unreadable", reason });
  });
});
