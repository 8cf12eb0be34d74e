import { expect, test } from "bun:test";
import { overdueFrom } from "./overdue.ts";

const at = (due: string | null, time_zone: string, all_day: boolean) =>
  overdueFrom({ due_at: due === null ? null : new Date(due), time_zone, all_day })?.toISOString() ?? null;

test("a task without a date is never overdue", () => {
  expect(at(null, "UTC", false)).toBeNull();
  expect(at(null, "UTC", true)).toBeNull();
});

test("a timed task is overdue from its instant on", () => {
  expect(at("2026-11-27T16:00:00.000Z", "Asia/Tokyo", false)).toBe("2026-11-27T16:00:00.000Z");
});

test.each([
  { zone: "Europe/Berlin", due: "2026-11-26T23:00:00Z", from: "2026-11-27T23:00:00.000Z", what: "24 hours" },
  {
    zone: "Europe/Berlin",
    due: "2026-03-28T23:00:00Z",
    from: "2026-03-29T22:00:00.000Z",
    what: "23 hours when clocks go forward",
  },
  {
    zone: "Europe/Berlin",
    due: "2026-10-24T22:00:00Z",
    from: "2026-10-25T23:00:00.000Z",
    what: "25 hours when clocks go back",
  },
  {
    zone: "Australia/Lord_Howe",
    due: "2026-10-03T13:30:00Z",
    from: "2026-10-04T13:00:00.000Z",
    what: "half an hour less",
  },
  {
    zone: "Africa/Cairo",
    due: "2026-04-22T22:00:00Z",
    from: "2026-04-23T22:00:00.000Z",
    what: "until a midnight that clocks skip",
  },
  {
    zone: "America/Havana",
    due: "2024-11-02T04:00:00Z",
    from: "2024-11-03T04:00:00.000Z",
    what: "until the first of two midnights",
  },
  {
    zone: "Pacific/Apia",
    due: "2011-12-29T10:00:00Z",
    from: "2011-12-30T10:00:00.000Z",
    what: "over a skipped day",
  },
  {
    zone: "US/Pacific-New",
    due: "2026-11-27T08:00:00Z",
    from: "2026-11-28T08:00:00.000Z",
    what: "in a zone PostgreSQL does not know",
  },
  { zone: "UTC", due: "2199-12-31T00:00:00Z", from: "2200-01-01T00:00:00.000Z", what: "on the last possible day" },
])("a whole day lasts until the next local midnight: $what ($zone)", ({ zone, due, from }) => {
  expect(at(due, zone, true)).toBe(from);
});
