import { dateAfterCompletion, parseRule } from "@carillon/calendar/recurrence";
import { isTimeZone, parseInstant } from "@carillon/calendar/zone";
import type { Completion } from "@carillon/contracts/http/occurrences";

/** The date after a completed task, or the end of the series, or why this completion has neither. */
export type Next =
  | { kind: "date"; dueAt: Date; ordinal: number | null }
  | { kind: "ended" }
  | { kind: "unreadable"; reason: string };

/**
 * What follows a completed recurring task (RFC 5545 in the task's zone, `calendar/src/recurrence`).
 *
 * `due_date`: the first date of the series after both the task's own date and the completion.
 * `completion`: counted from the day of completion, at the series' time of day. COUNT, UNTIL,
 * `ends_at` and skipped dates apply across all tasks of the series; a moved due date moves nothing
 * else.
 */
export function nextOccurrence({ task, series }: Completion): Next {
  const { recurring_pattern, recurrence, time_zone, all_day } = task;
  const [startsAt, occurrenceAt, completedAt] = [series.start, series.occurrence_at, task.completed_at].map(instant);
  const parsed = recurring_pattern === null ? null : parseRule(recurring_pattern);
  if (!parsed?.ok) return unreadable("its pattern is no rule of this release");
  if (!isTimeZone(time_zone)) return unreadable("its time zone is unknown here");
  if (!startsAt || !occurrenceAt || !completedAt || !recurrence) return unreadable("it has no place in a series");
  const found = dateAfterCompletion(
    {
      series: {
        rule: parsed.rule,
        startsAt,
        timeZone: time_zone,
        allDay: all_day,
        endsAt: instant(recurrence.ends_at),
        skipped: series.excluded_dates.flatMap((date) => instant(date) ?? []),
      },
      anchor: recurrence.anchor,
      occurrenceAt,
      // A task from a release without counting is taken for the first of its series.
      ordinal: series.ordinal ?? 1,
    },
    completedAt,
  );
  if (found.kind === "ended") return found;
  return {
    kind: "date",
    dueAt: found.at,
    ordinal: recurrence.anchor === "completion" ? (series.ordinal ?? 1) + 1 : null,
  };
}

const instant = (text: string | null): Date | null => (text === null ? null : parseInstant(text));

const unreadable = (reason: string): Next => ({ kind: "unreadable", reason });
