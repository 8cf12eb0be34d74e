import { type DayNumber, lastDay } from "../zone/day.ts";
import { dayIn, isTimeZone, startOfDay } from "../zone/zone.ts";
import type { Series } from "./occurrences.ts";
import { parseRule } from "./parse-rule.ts";
import { formatRule, type Rule, softened } from "./rule.ts";
import { ruleDayScan } from "./rule-days.ts";
import { ruleText } from "./text.ts";

export type SeriesInput = {
  /** `recurring_pattern` as sent. */
  pattern: string;
  /** The first date; null: the rule's first date from today on, as an all-day task. */
  dueAt: Date | null;
  allDay: boolean;
  timeZone: string;
  endsAt: Date | null;
  now: Date;
};

/** The faulty field of the request, and why, for users. */
export type SeriesError = { field: "recurring_pattern" | "time_zone" | "recurrence_ends_at"; detail: string };

export type SeriesPlan = {
  ok: true;
  /** Normalised, without `RRULE:`. */
  rrule: string;
  text: string;
  /** The first date: the task's `due_date`, and its `series_start` and `occurrence_at`. */
  dueAt: Date;
  allDay: boolean;
  /** 1 when the rule itself produces the first date, so that COUNT counts it; else 0. */
  firstOrdinal: 0 | 1;
  series: Series;
};

/**
 * What a `recurring_pattern` means for a task that starts here, or every reason to reject it.
 *
 * Rejected besides `parseRule`'s faults: an unknown zone, UNTIL or the series' end before the first
 * date, and a rule that leads to no further date before 2200, whatever COUNT and UNTIL say.
 */
export function planSeries(input: SeriesInput): SeriesPlan | { ok: false; errors: SeriesError[] } {
  const { pattern, timeZone, endsAt, now } = input;
  const parsed = parseRule(pattern);
  const errors: SeriesError[] = parsed.ok
    ? []
    : parsed.errors.map((detail) => ({ field: "recurring_pattern", detail }));
  if (!isTimeZone(timeZone))
    errors.push({ field: "time_zone", detail: "This is not the name of a time zone, such as Europe/Berlin." });
  if (!parsed.ok || errors.length > 0) return { ok: false, errors };

  const allDay = input.allDay || input.dueAt === null;
  const startDay =
    input.dueAt === null ? firstDayFrom(parsed.rule, dayIn(now, timeZone)) : dayIn(input.dueAt, timeZone);
  const rule = startDay === null ? null : softened(parsed.rule, startDay);
  if (startDay === null || rule === null || ruleDayScan(rule, startDay)(startDay + 1) === null) {
    return {
      ok: false,
      errors: [{ field: "recurring_pattern", detail: "This rule leads to no further date before the year 2200." }],
    };
  }
  const dueAt = allDay || input.dueAt === null ? startOfDay(startDay, timeZone) : input.dueAt;
  if (endsBefore(rule, dueAt, startDay)) {
    errors.push({ field: "recurring_pattern", detail: "UNTIL is before the first date." });
  }
  if (endsAt !== null && endsAt < dueAt) {
    errors.push({ field: "recurrence_ends_at", detail: "The end of the recurrence is before the first date." });
  }
  if (errors.length > 0) return { ok: false, errors };
  const firstOrdinal = ruleDayScan(rule, startDay)(startDay) === startDay ? 1 : 0;
  const series: Series = { rule: parsed.rule, startsAt: dueAt, timeZone, allDay, endsAt, skipped: [] };
  return { ok: true, rrule: formatRule(rule), text: ruleText(rule, timeZone), dueAt, allDay, firstOrdinal, series };
}

/** The rule's first day from today on, today included. */
function firstDayFrom(rule: Rule, today: DayNumber): DayNumber | null {
  return today > lastDay ? null : ruleDayScan(softened(rule, today), today)(today);
}

function endsBefore({ until }: Rule, dueAt: Date, startDay: DayNumber): boolean {
  if (until === null) return false;
  return until.kind === "day" ? until.day < startDay : until.at < dueAt;
}
