import { dayIn } from "../zone/zone.ts";
import type { Position } from "./next-date.ts";
import { softened } from "./rule.ts";
import { ruleDayScan } from "./rule-days.ts";

/** How many dates COUNT leaves after the task's own, skipped ones included; null where the rule does not count. */
export function datesLeft({ series, anchor, occurrenceAt, ordinal }: Position): number | null {
  const { rule, startsAt, timeZone } = series;
  if (rule.count === null) return null;
  if (anchor === "completion") return Math.max(0, rule.count - ordinal);
  const [startDay, ownDay] = [dayIn(startsAt, timeZone), dayIn(occurrenceAt, timeZone)];
  const nextDay = ruleDayScan(softened(rule, startDay), startDay);
  let left = rule.count;
  for (let day = nextDay(startDay); day !== null && day <= ownDay && left > 0; day = nextDay(day + 1)) left--;
  return left;
}
