import { describe, expect, test } from "bun:test";
import { previewSeries } from "@carillon/calendar/recurrence";
import { patternOf, type RepeatForm, repeatOf, settle } from "./repeat-form.ts";

const blank: RepeatForm = {
  repeat: "none",
  every: "2",
  unit: "weeks",
  weekdays: [],
  recurring_pattern: "",
  recurrence_anchor: "due_date",
  ends: "never",
  recurrence_ends_day: "",
  times: "10",
};
const friday = "2026-11-27";

const formOf = (recurring_pattern: string | null) =>
  repeatOf({ recurring_pattern, recurrence: null, time_zone: "Europe/Berlin" });

test.each<[string, Partial<RepeatForm>, string, string | null]>([
  ["nothing", {}, friday, null],
  ["daily", { repeat: "daily" }, friday, "daily"],
  ["on weekdays", { repeat: "weekdays" }, friday, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"],
  ["weekly", { repeat: "weekly" }, friday, "weekly"],
  ["weekly on two days", { repeat: "weekly", weekdays: ["TH", "MO"] }, friday, "FREQ=WEEKLY;BYDAY=MO,TH"],
  ["monthly", { repeat: "monthly" }, "2026-12-31", "monthly"],
  ["yearly", { repeat: "yearly" }, friday, "yearly"],
  ["every 3 days", { repeat: "every", every: "3", unit: "days", weekdays: ["MO"] }, friday, "FREQ=DAILY;INTERVAL=3"],
  [
    "every other week on Monday",
    { repeat: "every", weekdays: ["MO", "<script>"] },
    friday,
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
  ],
  [
    "every 2 months from the 31st",
    { repeat: "every", unit: "months" },
    "2026-12-31",
    "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
  ],
  ["five times daily", { repeat: "daily", ends: "after", times: "5" }, friday, "FREQ=DAILY;COUNT=5"],
  [
    "three times monthly from the 30th",
    { repeat: "monthly", ends: "after", times: "3" },
    "2026-11-30",
    "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1;COUNT=3",
  ],
  [
    "twice yearly from 29 February",
    { repeat: "yearly", ends: "after", times: "2" },
    "2028-02-29",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1;COUNT=2",
  ],
  [
    "a rule by hand",
    { repeat: "rule", recurring_pattern: " FREQ=MONTHLY;BYDAY=-1FR " },
    friday,
    "FREQ=MONTHLY;BYDAY=-1FR",
  ],
])("%s", (_name, typed, dueDay, pattern) => {
  expect(patternOf({ ...blank, ...typed }, dueDay)).toEqual({ pattern });
});

test.each<[string, Partial<RepeatForm>]>([
  ["every", { repeat: "every", every: "0" }],
  ["every", { repeat: "every", every: "two" }],
  ["times", { repeat: "daily", ends: "after", times: "1001" }],
  ["recurring_pattern", { repeat: "rule" }],
])("an invalid number or rule is reported at %s", (field, typed) => {
  const result = patternOf({ ...blank, ...typed }, friday);
  expect("errors" in result && Object.keys(result.errors)).toEqual([field]);
});

describe("a saved rule comes back as the simplest equivalent choice", () => {
  test.each<[string | null, Partial<RepeatForm>]>([
    [null, { repeat: "none" }],
    ["daily", { repeat: "daily" }],
    ["RRULE:FREQ=DAILY", { repeat: "daily" }],
    ["freq=weekly;byday=mo,tu,we,th,fr", { repeat: "weekdays" }],
    ["FREQ=WEEKLY;BYDAY=SA", { repeat: "weekly", weekdays: ["SA"] }],
    ["FREQ=WEEKLY;INTERVAL=3;COUNT=7", { repeat: "every", every: "3", unit: "weeks", ends: "after", times: "7" }],
    ["FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1;COUNT=3", { repeat: "monthly", ends: "after", times: "3" }],
    ["FREQ=MONTHLY", { repeat: "rule", recurring_pattern: "FREQ=MONTHLY" }],
    ["FREQ=MONTHLY;BYDAY=-1FR;COUNT=4", { repeat: "rule", recurring_pattern: "FREQ=MONTHLY;BYDAY=-1FR", times: "4" }],
    ["FREQ=WEEKLY;UNTIL=20270101", { repeat: "rule", recurring_pattern: "FREQ=WEEKLY;UNTIL=20270101" }],
    ["FREQ=WEEKLY;BYDAY=1MO", { repeat: "rule" }],
    [`"><script>`, { repeat: "rule", recurring_pattern: `"><script>` }],
  ])("%s", (pattern, choice) => expect(formOf(pattern)).toMatchObject(choice));

  test.each([
    "daily",
    "weekly",
    "monthly",
    "yearly",
    "FREQ=DAILY;INTERVAL=9;COUNT=12",
    "FREQ=WEEKLY;BYDAY=MO,WE;COUNT=9",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU",
    "FREQ=MONTHLY;INTERVAL=5",
    "FREQ=MONTHLY;BYDAY=2TU,-1FR;COUNT=8",
    "FREQ=YEARLY;BYMONTH=3,6;BYDAY=1SA",
  ])("%s rings on the same days after a trip through the form", (pattern) => {
    const result = patternOf(formOf(pattern), friday);
    const datesOf = (one: string) =>
      previewSeries({
        pattern: one,
        dueAt: new Date(`${friday}T16:00:00Z`),
        allDay: false,
        timeZone: "Europe/Berlin",
        anchor: "due_date",
        endsAt: null,
        count: 20,
      });
    const [was, is] = [datesOf(pattern), datesOf("pattern" in result ? (result.pattern ?? "") : "")];
    expect(was.ok && is.ok && is.occurrences).toEqual(was.ok ? was.occurrences : []);
    expect(was.ok).toBe(true);
  });
});

test.each<[string, Partial<RepeatForm>, Partial<RepeatForm>]>([
  ["a rule beside the old choice", { recurring_pattern: "FREQ=DAILY" }, { repeat: "rule" }],
  ["a number beside the old choice", { every: "4" }, { repeat: "every" }],
  ["a last day beside never", { recurrence_ends_day: friday }, { ends: "on" }],
  ["a count beside never", { times: "3" }, { ends: "after" }],
  ["a choice beside what it does not use", { repeat: "daily", every: "4" }, { repeat: "daily" }],
])("%s is meant", (_name, typed, meant) => {
  expect(settle(blank, { ...blank, ...typed })).toEqual({ ...blank, ...typed, ...meant });
});
