import { occurrencesAfter, type Series } from "../recurrence/occurrences.ts";
import { parseRule } from "../recurrence/parse-rule.ts";

export const at = (text: string): Date => new Date(text);

/** A series by its rule and its first date. */
export function series(pattern: string, start: string, timeZone = "UTC", more: Partial<Series> = {}): Series {
  const parsed = parseRule(pattern);
  if (!parsed.ok) throw new Error(parsed.errors.join(" "));
  return { rule: parsed.rule, startsAt: at(start), timeZone, allDay: false, endsAt: null, skipped: [], ...more };
}

/** The first dates after an instant. */
export const dates = (which: Series, after: Date, limit: number): string[] =>
  occurrencesAfter(which, after, limit).map((date) => date.at.toISOString().replace(".000Z", "Z"));

/** The first dates after the series' start. */
export const first = (which: Series, limit: number): string[] => dates(which, which.startsAt, limit);
