import { describe, expect, test } from "bun:test";
import { type Anchor, dateAfterCompletion, dateAfterSkip, type NextDate, type Position } from "./next-date.ts";
import { parseRule } from "./parse-rule.ts";

const at = (text: string): Date => new Date(text);

function position(
  pattern: string,
  start: string,
  more: {
    anchor?: Anchor;
    zone?: string;
    occurrenceAt?: string;
    ordinal?: number;
    allDay?: boolean;
    endsAt?: string;
  } = {},
): Position {
  const parsed = parseRule(pattern);
  if (!parsed.ok) throw new Error(parsed.errors.join(" "));
  const endsAt = more.endsAt === undefined ? null : at(more.endsAt);
  return {
    series: {
      rule: parsed.rule,
      startsAt: at(start),
      timeZone: more.zone ?? "UTC",
      allDay: more.allDay ?? false,
      endsAt,
      skipped: [],
    },
    anchor: more.anchor ?? "due_date",
    occurrenceAt: at(more.occurrenceAt ?? start),
    ordinal: more.ordinal ?? 1,
  };
}

const when = (next: NextDate): string => (next.kind === "date" ? next.at.toISOString().replace(".000Z", "Z") : "ended");

describe("after a completion, counted from the series' dates", () => {
  test("the next one: daily at nine, completed at ten, is tomorrow at nine", () => {
    expect(when(dateAfterCompletion(position("daily", "2026-11-27T09:00:00Z"), at("2026-11-27T10:00:00Z")))).toBe(
      "2026-11-28T09:00:00Z",
    );
  });

  test("completed early it is still followed by the date after its own", () => {
    expect(when(dateAfterCompletion(position("weekly", "2026-11-27T09:00:00Z"), at("2026-11-20T10:00:00Z")))).toBe(
      "2026-12-04T09:00:00Z",
    );
  });

  test("missed dates are skipped, not made up for", () => {
    expect(when(dateAfterCompletion(position("daily", "2026-11-01T09:00:00Z"), at("2026-11-27T09:00:00Z")))).toBe(
      "2026-11-28T09:00:00Z",
    );
  });

  test.each([
    ["daily", "2026-11-29T00:00:00Z", "UTC", "2026-11-30T12:00:00Z", "2026-11-30T00:00:00Z"],
    ["monthly", "2026-10-30T00:00:00Z", "UTC", "2026-11-30T23:59:59Z", "2026-11-30T00:00:00Z"],
    ["weekly", "2026-11-23T00:00:00Z", "UTC", "2026-11-30T00:00:00Z", "2026-11-30T00:00:00Z"],
    // 01:30 of the 30th in Berlin.
    ["daily", "2026-11-27T23:00:00Z", "Europe/Berlin", "2026-11-30T00:30:00Z", "2026-11-29T23:00:00Z"],
    // Completed on its own day or before, it is followed by the next.
    ["daily", "2026-11-30T00:00:00Z", "UTC", "2026-11-30T12:00:00Z", "2026-12-01T00:00:00Z"],
    ["daily", "2026-11-30T00:00:00Z", "UTC", "2026-11-29T12:00:00Z", "2026-12-01T00:00:00Z"],
    ["weekly", "2026-11-23T00:00:00Z", "UTC", "2026-12-01T00:00:00Z", "2026-12-07T00:00:00Z"],
  ])(
    "a whole day is over at the next midnight: %s from %s in %s, done %s, continues at %s",
    (pattern, start, zone, done, next) => {
      expect(when(dateAfterCompletion(position(pattern, start, { zone, allDay: true }), at(done)))).toBe(next);
    },
  );

  test("a moved due date changes nothing: its unmoved date counts", () => {
    const moved = position("weekly", "2026-11-02T09:00:00Z", { occurrenceAt: "2026-11-09T09:00:00Z" });
    expect(when(dateAfterCompletion(moved, at("2026-11-05T09:00:00Z")))).toBe("2026-11-16T09:00:00Z");
  });

  test("monthly from the 31st remembers it past a short month", () => {
    const february = position("monthly", "2026-01-31T09:00:00Z", { occurrenceAt: "2026-02-28T09:00:00Z" });
    expect(when(dateAfterCompletion(february, at("2026-02-28T10:00:00Z")))).toBe("2026-03-31T09:00:00Z");
  });

  test.each([
    ["COUNT", position("FREQ=DAILY;COUNT=3", "2026-01-01T09:00:00Z", { occurrenceAt: "2026-01-03T09:00:00Z" })],
    ["UNTIL", position("FREQ=DAILY;UNTIL=20260103", "2026-01-01T09:00:00Z", { occurrenceAt: "2026-01-03T09:00:00Z" })],
    [
      "the series' end",
      position("daily", "2026-01-01T09:00:00Z", {
        occurrenceAt: "2026-01-03T09:00:00Z",
        endsAt: "2026-01-04T08:00:00Z",
      }),
    ],
  ])("%s ends the series", (_, last) =>
    expect(when(dateAfterCompletion(last, at("2026-01-03T10:00:00Z")))).toBe("ended"),
  );
});

describe("after a completion, counted from its day", () => {
  const completion = "completion" as const;

  test("every three days, completed two days late at night: three days later, at the same time of day", () => {
    const chore = position("FREQ=DAILY;INTERVAL=3", "2026-11-01T09:00:00Z", { anchor: completion });
    expect(when(dateAfterCompletion(chore, at("2026-11-03T23:30:00Z")))).toBe("2026-11-06T09:00:00Z");
  });

  test("the day of the completion is the zone's", () => {
    const chore = position("FREQ=DAILY;INTERVAL=3", "2026-11-01T14:00:00Z", {
      anchor: completion,
      zone: "America/New_York",
    });
    expect(when(dateAfterCompletion(chore, at("2026-11-04T03:00:00Z")))).toBe("2026-11-06T14:00:00Z");
  });

  test("completed early it counts from the completion", () => {
    const chore = position("weekly", "2026-11-20T09:00:00Z", { anchor: completion });
    expect(when(dateAfterCompletion(chore, at("2026-11-18T07:00:00Z")))).toBe("2026-11-25T09:00:00Z");
  });

  test("monthly completed on the 31st is the last day of the month after", () => {
    const rent = position("monthly", "2026-01-15T09:00:00Z", { anchor: completion });
    expect(when(dateAfterCompletion(rent, at("2026-01-31T12:00:00Z")))).toBe("2026-02-28T09:00:00Z");
  });

  test("a completion on a day whose clocks skip the time keeps the time", () => {
    const early = position("daily", "2026-03-20T01:30:00Z", { anchor: completion, zone: "Europe/Berlin" });
    expect(when(dateAfterCompletion(early, at("2026-03-29T10:00:00Z")))).toBe("2026-03-30T00:30:00Z");
  });

  test("an all-day chore lands on the first instant of its day", () => {
    const chore = position("daily", "2018-11-01T03:00:00Z", {
      anchor: completion,
      zone: "America/Sao_Paulo",
      allDay: true,
    });
    expect(when(dateAfterCompletion(chore, at("2018-11-03T20:00:00Z")))).toBe("2018-11-04T03:00:00Z");
  });

  test("COUNT ends it when its dates are used, and not before", () => {
    const third = (ordinal: number) =>
      position("FREQ=DAILY;COUNT=3", "2026-01-01T09:00:00Z", { anchor: completion, ordinal });
    expect(when(dateAfterCompletion(third(2), at("2026-02-01T10:00:00Z")))).toBe("2026-02-02T09:00:00Z");
    expect(when(dateAfterCompletion(third(3), at("2026-02-01T10:00:00Z")))).toBe("ended");
  });

  test("UNTIL ends it by the calendar", () => {
    const chore = position("FREQ=DAILY;UNTIL=20260201", "2026-01-01T09:00:00Z", { anchor: completion });
    expect(when(dateAfterCompletion(chore, at("2026-02-01T08:00:00Z")))).toBe("ended");
  });
});

describe("after a skip", () => {
  test("the series' next date, past or not", () => {
    expect(when(dateAfterSkip(position("daily", "2020-01-01T09:00:00Z")))).toBe("2020-01-02T09:00:00Z");
  });

  test("with the anchor completion it counts from the skipped day", () => {
    const chore = position("FREQ=DAILY;INTERVAL=3", "2026-11-01T09:00:00Z", {
      anchor: "completion",
      occurrenceAt: "2026-11-06T09:00:00Z",
    });
    expect(when(dateAfterSkip(chore))).toBe("2026-11-09T09:00:00Z");
  });

  test("the last date has no next one to skip to", () => {
    expect(when(dateAfterSkip(position("FREQ=DAILY;COUNT=1", "2026-01-01T09:00:00Z")))).toBe("ended");
  });
});
