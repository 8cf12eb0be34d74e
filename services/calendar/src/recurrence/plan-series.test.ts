import { describe, expect, test } from "bun:test";
import { hostilePatterns, madeUpHostilePatterns } from "../testing/hostile-rules.ts";
import { planSeries, type SeriesInput } from "./plan-series.ts";

const at = (text: string): Date => new Date(text);

const plan = (input: Partial<SeriesInput>) =>
  planSeries({
    pattern: "daily",
    dueAt: at("2026-01-31T09:00:00Z"),
    allDay: false,
    timeZone: "UTC",
    endsAt: null,
    now: at("2026-01-10T12:00:00Z"),
    ...input,
  });

function accepted(input: Partial<SeriesInput>) {
  const answer = plan(input);
  if (!answer.ok) throw new Error(answer.errors.map(({ detail }) => detail).join(" "));
  return answer;
}

const faults = (input: Partial<SeriesInput>): string[] => {
  const answer = plan(input);
  return answer.ok ? [] : answer.errors.map(({ field, detail }) => `${field}: ${detail}`);
};

describe("the normalised rule of a keyword", () => {
  test.each([
    ["daily", "2026-01-31", "FREQ=DAILY", "every day"],
    ["weekly", "2026-01-31", "FREQ=WEEKLY", "every week"],
    ["monthly", "2026-01-28", "FREQ=MONTHLY", "every month"],
    ["monthly", "2026-01-29", "FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1", "every month on the 29th, or the last day"],
    [
      "monthly",
      "2026-01-30",
      "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1",
      "every month on the 30th, or the last day",
    ],
    [
      "monthly",
      "2026-01-31",
      "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
      "every month on the 31st, or the last day",
    ],
    ["yearly", "2026-02-28", "FREQ=YEARLY", "every year"],
    ["yearly", "2028-02-29", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", "every year on the last day of February"],
    ["FREQ=MONTHLY", "2026-01-31", "FREQ=MONTHLY", "every month"],
  ])("%s from %s is %s", (pattern, day, rrule, text) => {
    const answer = accepted({ pattern, dueAt: at(`${day}T09:00:00Z`) });
    expect([answer.rrule, answer.text]).toEqual([rrule, text]);
  });

  test("the day is the zone's: in New York it is still the 30th", () => {
    const dueAt = at("2026-01-31T03:00:00Z");
    expect(accepted({ pattern: "monthly", dueAt, timeZone: "America/New_York" }).rrule).toBe(
      "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1",
    );
  });
});

describe("the first date", () => {
  test("is the due date, and counts when the rule produces it", () => {
    const onRule = accepted({ pattern: "FREQ=WEEKLY;BYDAY=SA" });
    expect([onRule.dueAt, onRule.allDay, onRule.firstOrdinal]).toEqual([at("2026-01-31T09:00:00Z"), false, 1]);
    expect(accepted({ pattern: "FREQ=WEEKLY;BYDAY=MO" }).firstOrdinal).toBe(0);
  });

  test("of an all-day task is the first instant of its day", () => {
    const answer = accepted({ dueAt: at("2018-11-04T15:00:00Z"), timeZone: "America/Sao_Paulo", allDay: true });
    expect(answer.dueAt).toEqual(at("2018-11-04T03:00:00Z"));
  });

  test.each([
    ["daily", "UTC", "2026-01-10T00:00:00Z"],
    ["FREQ=WEEKLY;BYDAY=MO", "UTC", "2026-01-12T00:00:00Z"],
    ["FREQ=WEEKLY;BYDAY=SA", "UTC", "2026-01-10T00:00:00Z"],
    ["FREQ=MONTHLY;BYDAY=-1FR", "Europe/Berlin", "2026-01-29T23:00:00Z"],
    ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "UTC", "2028-02-29T00:00:00Z"],
    ["daily", "Pacific/Kiritimati", "2026-01-10T10:00:00Z"],
    ["daily", "Pacific/Pago_Pago", "2026-01-10T11:00:00Z"],
  ])("without a due date, %s in %s begins %s, all-day", (pattern, timeZone, dueAt) => {
    const answer = accepted({ pattern, timeZone, dueAt: null });
    expect([answer.dueAt, answer.allDay, answer.firstOrdinal]).toEqual([at(dueAt), true, 1]);
  });

  test("without a due date, today is the zone's", () => {
    const now = at("2026-01-31T23:30:00Z");
    expect(accepted({ pattern: "monthly", dueAt: null, timeZone: "UTC", now }).rrule).toContain(
      "BYMONTHDAY=28,29,30,31",
    );
    expect(accepted({ pattern: "monthly", dueAt: null, timeZone: "Europe/Berlin", now }).rrule).toBe("FREQ=MONTHLY");
  });
});

describe("refused", () => {
  test.each([
    [
      "UNTIL in UTC before the due date",
      { pattern: "FREQ=DAILY;UNTIL=20260131T085959Z" },
      "recurring_pattern: UNTIL is before the first date.",
    ],
    [
      "UNTIL as a day before the due date's",
      { pattern: "FREQ=DAILY;UNTIL=20260130" },
      "recurring_pattern: UNTIL is before the first date.",
    ],
    [
      "UNTIL before the first date from today",
      { pattern: "FREQ=WEEKLY;BYDAY=MO;UNTIL=20260111", dueAt: null },
      "recurring_pattern: UNTIL is before the first date.",
    ],
    [
      "an end before the due date",
      { endsAt: at("2026-01-31T08:59:59Z") },
      "recurrence_ends_at: The end of the recurrence is before the first date.",
    ],
    [
      "a date that does not exist",
      { pattern: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30" },
      "recurring_pattern: This rule leads to no further date before the year 2200.",
    ],
    [
      "nothing left before 2200",
      { dueAt: at("2199-12-31T09:00:00Z") },
      "recurring_pattern: This rule leads to no further date before the year 2200.",
    ],
    [
      "an unknown zone",
      { timeZone: "Europe/Atlantis" },
      "time_zone: This is not the name of a time zone, such as Europe/Berlin.",
    ],
    [
      "an offset for a zone",
      { timeZone: "+01:00" },
      "time_zone: This is not the name of a time zone, such as Europe/Berlin.",
    ],
  ] as const)("%s", (_, input, fault) => expect(faults(input)).toEqual([fault]));

  test("every fault when several are wrong", () => {
    expect(faults({ pattern: "FREQ=HOURLY;COUNT=0", timeZone: "Mars" })).toHaveLength(3);
  });

  const hostile = [...hostilePatterns, ...madeUpHostilePatterns(200, 1)];

  test.each([
    ["1970-01-02T00:00:00Z", "UTC"],
    ["2026-01-31T09:00:00Z", "America/New_York"],
    ["2199-12-30T23:59:59Z", "Pacific/Kiritimati"],
  ])("every hostile rule, due %s in %s, and the same without a due date", (dueAt, timeZone) => {
    for (const pattern of hostile) {
      expect(`${pattern}: ${faults({ pattern, dueAt: at(dueAt), timeZone }).length > 0}`).toBe(`${pattern}: true`);
      expect(`${pattern}: ${faults({ pattern, dueAt: null, timeZone }).length > 0}`).toBe(`${pattern}: true`);
    }
  });
});

test("COUNT and UNTIL may leave no further date: the series ends with its first", () => {
  expect(accepted({ pattern: "FREQ=DAILY;COUNT=1" }).rrule).toBe("FREQ=DAILY;COUNT=1");
  expect(accepted({ pattern: "FREQ=DAILY;UNTIL=20260131" }).rrule).toBe("FREQ=DAILY;UNTIL=20260131");
  expect(accepted({ endsAt: at("2026-01-31T09:00:00Z") }).rrule).toBe("FREQ=DAILY");
});
