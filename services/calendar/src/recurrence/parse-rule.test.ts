import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { anyPattern, random } from "../testing/rules.ts";
import { type ParsedRule, parseRule } from "./parse-rule.ts";
import { formatRule } from "./rule.ts";

const normalised = (parsed: ParsedRule): string => (parsed.ok ? formatRule(parsed.rule) : `refused: ${parsed.errors}`);

describe("a valid pattern becomes one spelling", () => {
  test.each([
    ["daily", "FREQ=DAILY"],
    ["weekly", "FREQ=WEEKLY"],
    ["monthly", "FREQ=MONTHLY"],
    ["yearly", "FREQ=YEARLY"],
    ["FREQ=DAILY", "FREQ=DAILY"],
    ["RRULE:FREQ=DAILY", "FREQ=DAILY"],
    ["rrule:freq=weekly;byday=mo", "FREQ=WEEKLY;BYDAY=MO"],
    ["COUNT=3;INTERVAL=2;FREQ=DAILY", "FREQ=DAILY;INTERVAL=2;COUNT=3"],
    ["FREQ=DAILY;INTERVAL=1;WKST=MO", "FREQ=DAILY"],
    ["FREQ=WEEKLY;BYDAY=SU,MO,WE,MO;WKST=SU", "FREQ=WEEKLY;BYDAY=MO,WE,SU;WKST=SU"],
    ["FREQ=MONTHLY;BYDAY=+1MO,-1FR,01MO", "FREQ=MONTHLY;BYDAY=1MO,-1FR"],
    ["FREQ=MONTHLY;BYMONTHDAY=-1,31,+1,15", "FREQ=MONTHLY;BYMONTHDAY=1,15,31,-1"],
    ["FREQ=YEARLY;BYDAY=-1SU,2TU;BYMONTH=12,03", "FREQ=YEARLY;BYMONTH=3,12;BYDAY=2TU,-1SU"],
    ["FREQ=YEARLY;BYWEEKNO=53,-53,1", "FREQ=YEARLY;BYWEEKNO=1,53,-53"],
    ["FREQ=DAILY;UNTIL=20261231", "FREQ=DAILY;UNTIL=20261231"],
    ["FREQ=DAILY;UNTIL=20261231T225959Z", "FREQ=DAILY;UNTIL=20261231T225959Z"],
    ["FREQ=DAILY;COUNT=1000;INTERVAL=999", "FREQ=DAILY;INTERVAL=999;COUNT=1000"],
  ])("%s → %s", (text, spelling) => expect(normalised(parseRule(text))).toBe(spelling));
});

describe("a faulty pattern is rejected with a sentence that says why", () => {
  test.each([
    ["FREQ=HOURLY;INTERVAL=2;BYHOUR=1", "BYHOUR is not taken: the time of day is that of the due date."],
    ["FREQ=HOURLY", "FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY."],
    ["COUNT=3", "FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY."],
    ["FREQ=DAILY;INTERVAL=0", "INTERVAL must be a whole number from 1 to 999."],
    ["FREQ=DAILY;INTERVAL=1000", "INTERVAL must be a whole number from 1 to 999."],
    ["FREQ=DAILY;INTERVAL=1e2", "INTERVAL must be a whole number from 1 to 999."],
    ["FREQ=DAILY;COUNT=0", "COUNT must be a whole number from 1 to 1000."],
    ["FREQ=DAILY;COUNT=1001", "COUNT must be a whole number from 1 to 1000."],
    ["FREQ=DAILY;COUNT=2;UNTIL=20261231", "COUNT and UNTIL exclude each other: keep one of them."],
    ["FREQ=DAILY;UNTIL=20261231T090000", "UNTIL must be in UTC, such as 20261231T225959Z, or a date such as 20261231."],
    ["FREQ=DAILY;UNTIL=20260230", "UNTIL must be a time in UTC such as 20261231T225959Z, or a date such as 20261231."],
    [
      "FREQ=DAILY;UNTIL=20261231T240000Z",
      "UNTIL must be a time in UTC such as 20261231T225959Z, or a date such as 20261231.",
    ],
    ["FREQ=DAILY;UNTIL=99991231T235959Z", "UNTIL must be between 1970 and 2199."],
    ["FREQ=YEARLY;BYMONTH=13", "BYMONTH takes 1 to 12, with commas between them."],
    ["FREQ=YEARLY;BYMONTH=-1", "BYMONTH takes 1 to 12, with commas between them."],
    ["FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY takes 1 to 31 or -31 to -1, with commas between them."],
    ["FREQ=MONTHLY;BYMONTHDAY=1,,2", "BYMONTHDAY takes 1 to 31 or -31 to -1, with commas between them."],
    ["FREQ=YEARLY;BYYEARDAY=367", "BYYEARDAY takes 1 to 366 or -366 to -1, with commas between them."],
    ["FREQ=YEARLY;BYWEEKNO=54", "BYWEEKNO takes 1 to 53 or -53 to -1, with commas between them."],
    ["FREQ=MONTHLY;BYDAY=MO;BYSETPOS=367", "BYSETPOS takes 1 to 366 or -366 to -1, with commas between them."],
    ["FREQ=MONTHLY;BYDAY=0MO", "BYDAY takes weekdays such as MO or FR, or -1FR and 2TU, with commas between them."],
    ["FREQ=YEARLY;BYDAY=54MO", "BYDAY takes weekdays such as MO or FR, or -1FR and 2TU, with commas between them."],
    ["FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS needs another BY part to choose from."],
    ["FREQ=WEEKLY;BYMONTHDAY=13", "BYMONTHDAY does not go with FREQ=WEEKLY."],
    ["FREQ=WEEKLY;BYDAY=1MO", "Numbered weekdays in BYDAY go with FREQ=MONTHLY or YEARLY only."],
    ["FREQ=YEARLY;BYWEEKNO=3;BYDAY=1MO", "Numbered weekdays in BYDAY do not go with BYWEEKNO."],
    ["FREQ=MONTHLY;BYWEEKNO=3", "BYWEEKNO goes with FREQ=YEARLY only."],
    ["FREQ=DAILY;BYYEARDAY=100", "BYYEARDAY goes with FREQ=YEARLY only."],
    ["FREQ=DAILY;FREQ=DAILY", "FREQ may stand only once."],
    ["FREQ=DAILY;X-COLOR=1", "X-COLOR is not part of a recurrence rule."],
    ["FREQ=DAILY;<b>=1", "A part is not part of a recurrence rule."],
    ["FREQ=DAILY;WKST=XX", "WKST must be one of MO, TU, WE, TH, FR, SA, SU."],
    [`FREQ=MONTHLY;BYMONTHDAY=${"1,".repeat(60)}1`, "The BY parts may hold 60 values together, not 61."],
    [`FREQ=DAILY${";".repeat(250)}`, "A recurrence has at most 255 characters."],
  ])("%s", (text, sentence) => {
    const parsed = parseRule(text);
    expect(parsed.ok ? [] : parsed.errors).toContain(sentence);
  });

  test.each([
    "",
    " ",
    ";",
    "=",
    "Daily",
    "fortnightly",
    "FREQ=DAILY;",
    "FREQ=DAILY;COUNT=",
    "FREQ==DAILY",
    "FREQ=DAILY COUNT=2",
    "RRULE:",
    "RRULE:daily",
    "FREQ=DAILY\n",
    "FREQ=DA\u0131LY",
    "DTSTART:20260101T000000Z\nRRULE:FREQ=DAILY",
  ])("%p cannot be read at all", (text) => {
    const parsed = parseRule(text);
    expect(parsed.ok ? [] : parsed.errors[0]).toContain("Write daily, weekly, monthly or yearly");
  });

  test("every fault is named, not only the first", () => {
    const parsed = parseRule("FREQ=HOURLY;COUNT=0;BYMONTH=13;BYHOUR=1");
    expect(parsed.ok ? [] : parsed.errors).toHaveLength(4);
  });
});

test("255 characters and 60 values are within bounds", () => {
  const list = Array.from({ length: 60 }, (_, at) => (at % 28) + 1).join(",");
  expect(parseRule(`FREQ=MONTHLY;BYMONTHDAY=${list}`).ok).toBe(true);
  expect(parseRule("FREQ=DAILY;INTERVAL=2".padEnd(255, " ")).ok).toBe(false);
  const longest = `FREQ=YEARLY;BYYEARDAY=${Array.from({ length: 58 }, (_, at) => 100 + at).join(",")}`;
  expect(longest.length).toBe(253);
  expect(parseRule(longest).ok).toBe(true);
});

test("normalising is idempotent", () => {
  const from = random(20_261_127);
  for (let index = 0; index < 3_000; index++) {
    const spelling = normalised(parseRule(anyPattern(from, 2_030)));
    expect(normalised(parseRule(spelling))).toBe(spelling);
  }
});

describe("no text throws", () => {
  test("any characters", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => void parseRule(text)));
  });

  test("texts that are nearly rules", () => {
    const names = fc.constantFrom(
      "FREQ",
      "INTERVAL",
      "COUNT",
      "UNTIL",
      "BYDAY",
      "BYMONTH",
      "BYSETPOS",
      "WKST",
      "X",
      "",
    );
    const values = fc.oneof(
      fc.constantFrom("DAILY", "YEARLY", "1", "-1", "MO", "-1MO", "20261231", "1,2"),
      fc.string({ maxLength: 8 }),
    );
    const parts = fc.array(
      fc.tuple(names, values).map(([name, value]) => `${name}=${value}`),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(parts, (list) => void parseRule(list.join(";"))),
      { numRuns: 2_000 },
    );
  });
});
