import { expect, test } from "bun:test";
import { anyPattern, random } from "../testing/rules.ts";
import { parseRule } from "./parse-rule.ts";
import { ruleText } from "./text.ts";

function text(pattern: string): string {
  const parsed = parseRule(pattern);
  if (!parsed.ok) throw new Error(parsed.errors.join(" "));
  return ruleText(parsed.rule, "Europe/Berlin");
}

test.each([
  ["daily", "every day"],
  ["FREQ=DAILY;INTERVAL=3", "every 3 days"],
  ["FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "every weekday"],
  ["FREQ=DAILY;BYMONTH=1", "every day in January"],
  ["FREQ=DAILY;INTERVAL=3;BYDAY=MO,FR", "every 3 days, only on Monday and Friday"],
  ["weekly", "every week"],
  ["FREQ=WEEKLY;BYDAY=FR,TH,WE,TU,MO", "every weekday"],
  ["FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "every day"],
  ["FREQ=WEEKLY;BYDAY=SA,SU", "every week on Saturday and Sunday"],
  ["FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=10", "every 2 weeks on Monday and Wednesday, 10 times"],
  ["FREQ=WEEKLY;BYDAY=MO;BYMONTH=6,7,8", "every week on Monday, in June, July and August only"],
  ["FREQ=WEEKLY;BYDAY=MO,WE;BYSETPOS=1", "every week on the first Monday or Wednesday"],
  ["monthly", "every month"],
  ["FREQ=MONTHLY;BYDAY=-1FR", "every month on the last Friday"],
  ["FREQ=MONTHLY;BYDAY=2TU,-2TU", "every month on the second Tuesday and the second to last Tuesday"],
  ["FREQ=MONTHLY;BYMONTHDAY=1,22,13,-1", "every month on the 1st, the 13th, the 22nd and the last day"],
  ["FREQ=MONTHLY;BYMONTHDAY=-3", "every month on the third to last day"],
  ["FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "every month on the 13th, if that is a Friday"],
  ["FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "every month on the last weekday"],
  ["FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=2,-1", "every month on the second and last day"],
  ["FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", "every month on the 31st, or the last day"],
  ["FREQ=MONTHLY;BYMONTHDAY=1,2,3;BYSETPOS=2", "every month on the 1st, the 2nd and the 3rd, only the second of these"],
  ["yearly", "every year"],
  ["FREQ=YEARLY;BYMONTH=3", "every year in March"],
  ["FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25", "every year on 25 December"],
  ["FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24,25", "every year on 24 and 25 December"],
  ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", "every year on the last day of February"],
  ["FREQ=YEARLY;BYMONTH=1;BYDAY=1MO", "every year on the first Monday of January"],
  ["FREQ=YEARLY;BYMONTH=1,7;BYDAY=MO", "every year on Monday in January and July"],
  ["FREQ=YEARLY;BYDAY=20MO", "every year on the 20th Monday of the year"],
  ["FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "every year on the last weekday of the year"],
  ["FREQ=YEARLY;BYWEEKNO=20", "every year on every day in week 20"],
  ["FREQ=YEARLY;BYWEEKNO=1,20,-1;BYDAY=MO", "every year on Monday in weeks 1 and 20 and the last week of the year"],
  ["FREQ=YEARLY;BYYEARDAY=1,100,-1", "every year on the first day, the 100th day and the last day of the year"],
  ["FREQ=DAILY;COUNT=1", "every day, once"],
  ["FREQ=DAILY;UNTIL=20261231", "every day, until 31 December 2026"],
  ["FREQ=DAILY;UNTIL=20261231T230000Z", "every day, until 1 January 2027"],
])("%s reads %p", (pattern, expected) => expect(text(pattern)).toBe(expected));

test("every rule reads as one line of words, without a gap or a missing name", () => {
  const from = random(11);
  for (let index = 0; index < 3_000; index++) {
    expect(text(anyPattern(from, 2_030))).toMatch(/^every [A-Za-z0-9]+(,? [A-Za-z0-9]+)*$/);
  }
});
