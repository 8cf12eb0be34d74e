import { describe, expect, test } from "bun:test";
import { planSeries } from "@carillon/calendar/recurrence";
import { read, reference } from "./testing/phrases.ts";

const { now, timeZone } = reference;

function planned(pattern: string, dueAt: Date | null, allDay: boolean): { rrule: string; text: string } {
  const plan = planSeries({ pattern, dueAt, allDay, timeZone, endsAt: null, now });
  if (!plan.ok) throw new Error(`${pattern} is refused: ${JSON.stringify(plan.errors)}`);
  return plan;
}

/** What a task's own words for its rule mean when typed. */
function readBack(pattern: string): { title: string; rrule: string | null } {
  const { text } = planned(pattern, null, true);
  const { title, recurring_pattern, due_date, all_day } = read(text, "en");
  const dueAt = due_date ? new Date(due_date) : null;
  return { title, rrule: recurring_pattern ? planned(recurring_pattern, dueAt, all_day === true).rrule : null };
}

const workdays = "BYDAY=MO,TU,WE,TH,FR";
const intervals = [1, 2, 3, 6, 11, 24];
const every = (interval: number): string => (interval === 1 ? "FREQ=MONTHLY" : `FREQ=MONTHLY;INTERVAL=${interval}`);

describe("the words of a rule mean that rule", () => {
  test("the first, nth and last workday of a month, at any interval", () => {
    const places = [1, 2, 3, 5, 15, 20, -1, -2];
    for (const place of places)
      for (const interval of intervals) {
        const pattern = `${every(interval)};${workdays};BYSETPOS=${place}`;
        expect({ pattern, ...readBack(pattern) }).toEqual({ pattern, title: "", rrule: pattern });
      }
  });

  test("a day of the month that is the last one where it is missing, at any interval", () => {
    for (const days of ["28,29", "28,29,30", "28,29,30,31"])
      for (const interval of intervals) {
        const pattern = `${every(interval)};BYMONTHDAY=${days};BYSETPOS=-1`;
        expect({ pattern, ...readBack(pattern) }).toEqual({ pattern, title: "", rrule: pattern });
      }
  });

  test.each([
    "FREQ=MONTHLY;BYMONTHDAY=-1",
    "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1",
    "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=-1",
    `FREQ=YEARLY;BYMONTH=6;${workdays};BYSETPOS=1`,
    `FREQ=YEARLY;INTERVAL=2;BYMONTH=12;${workdays};BYSETPOS=-1`,
  ])("%s", (pattern) => expect(readBack(pattern)).toEqual({ title: "", rrule: pattern }));
});
