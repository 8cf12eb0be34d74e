import { describe, expect, test } from "bun:test";
import { occurrencesAfter } from "./occurrences.ts";
import { planSeries } from "./plan-series.ts";
import { type PreviewInput, previewSeries } from "./preview-series.ts";

const at = (text: string): Date => new Date(text);

function preview(input: Partial<PreviewInput>) {
  const answer = previewSeries({
    pattern: "daily",
    dueAt: at("2026-01-31T09:00:00Z"),
    allDay: false,
    timeZone: "UTC",
    anchor: "due_date",
    endsAt: null,
    count: 3,
    ...input,
  });
  if (!answer.ok) throw new Error(answer.errors.map(({ detail }) => detail).join(" "));
  return answer;
}

const shown = (input: Partial<PreviewInput>): string[] =>
  preview(input).occurrences.map(({ dueAt, note }) => `${dueAt.toISOString().slice(0, 16)}${note ? ` ${note}` : ""}`);

test("shows the rule, its text and the dates strictly after the first, past ones too", () => {
  const answer = preview({ pattern: "FREQ=WEEKLY;BYDAY=WE,MO", dueAt: at("2020-06-01T09:00:00Z") });
  expect([answer.rrule, answer.text]).toEqual(["FREQ=WEEKLY;BYDAY=MO,WE", "every week on Monday and Wednesday"]);
  expect(answer.occurrences.map(({ dueAt }) => dueAt)).toEqual([
    at("2020-06-03T09:00:00Z"),
    at("2020-06-08T09:00:00Z"),
    at("2020-06-10T09:00:00Z"),
  ]);
});

describe("notes explain dates that differ from the expected ones", () => {
  test("in a gap, in an overlap", () => {
    const spring = { dueAt: at("2026-03-28T01:30:00Z"), timeZone: "Europe/Berlin", count: 2 };
    expect(shown(spring)).toEqual([
      "2026-03-29T01:30 Clocks go forward: there is no 02:30, it is 03:30 instead.",
      "2026-03-30T00:30",
    ]);
    const autumn = { dueAt: at("2026-10-24T00:30:00Z"), timeZone: "Europe/Berlin", count: 2 };
    expect(shown(autumn)).toEqual([
      "2026-10-25T00:30 Clocks go back: this is the first 02:30 of that day.",
      "2026-10-26T01:30",
    ]);
  });

  test("at a month's end that a keyword softens", () => {
    expect(shown({ pattern: "monthly" })).toEqual([
      "2026-02-28T09:00 There is no 31st this time: it is the last day of the month.",
      "2026-03-31T09:00",
      "2026-04-30T09:00 There is no 31st this time: it is the last day of the month.",
    ]);
    expect(shown({ pattern: "yearly", dueAt: at("2027-02-28T09:00:00Z"), count: 1 })).toEqual(["2028-02-28T09:00"]);
    expect(shown({ pattern: "yearly", dueAt: at("2028-02-29T09:00:00Z"), count: 1 })).toEqual([
      "2029-02-28T09:00 There is no 29th this time: it is the last day of the month.",
    ]);
  });
});

test("with the anchor completion each date counts from the one before", () => {
  const monthly = { pattern: "monthly", anchor: "completion" } as const;
  expect(shown(monthly)).toEqual([
    "2026-02-28T09:00 There is no 31st this time: it is the last day of the month.",
    "2026-03-28T09:00",
    "2026-04-28T09:00",
  ]);
  expect(shown({ pattern: "FREQ=DAILY;COUNT=3", anchor: "completion" })).toHaveLength(2);
});

test("an ended series shows an empty list", () => {
  expect(shown({ pattern: "FREQ=DAILY;COUNT=1" })).toEqual([]);
  expect(shown({ pattern: "FREQ=DAILY;COUNT=1", anchor: "completion" })).toEqual([]);
  expect(shown({ pattern: "FREQ=DAILY;UNTIL=20260131" })).toEqual([]);
});

test("it stops at 2199-12-31", () => {
  expect(shown({ dueAt: at("2199-12-29T09:00:00Z"), count: 50 })).toEqual(["2199-12-30T09:00", "2199-12-31T09:00"]);
});

test("it shows the dates the tasks will get", () => {
  const dueAt = at("2026-03-28T01:30:00Z");
  const plan = planSeries({
    pattern: "daily",
    dueAt,
    allDay: false,
    timeZone: "Europe/Berlin",
    endsAt: null,
    now: dueAt,
  });
  if (!plan.ok) throw new Error("refused");
  const made = occurrencesAfter(plan.series, dueAt, 50).map((date) => date.at);
  const promised = preview({ dueAt, timeZone: "Europe/Berlin", count: 50 }).occurrences.map((date) => date.dueAt);
  expect(promised).toEqual(made);
});

test("a faulty rule is rejected with its field", () => {
  const answer = previewSeries({
    pattern: "FREQ=SECONDLY",
    dueAt: at("2026-01-31T09:00:00Z"),
    allDay: false,
    timeZone: "UTC",
    anchor: "due_date",
    endsAt: null,
    count: 5,
  });
  expect(answer).toEqual({
    ok: false,
    errors: [{ field: "recurring_pattern", detail: "FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY." }],
  });
});
