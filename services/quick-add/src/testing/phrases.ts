import type { ParsedText } from "@carillon/contracts/http/quick-add";
import { dayText, wallTimeOf } from "../calendar.ts";
import { parse } from "../index.ts";
import { clockOf } from "../meaning/time.ts";

/** The moment and place all phrases are read at: Monday 2026-11-30, 10:30 in Berlin. */
export const reference = { now: new Date("2026-11-30T09:30:00.000Z"), timeZone: "Europe/Berlin" } as const;

export const read = (text: string, language: "en" | "de"): ParsedText => parse(text, { ...reference, language });

/**
 * What a phrase comes to, in one line: `title | due | rule | more`. Due as the zone's clocks show it, a day alone for all of it; more: `!high`,
 * `#tag`, `-1d` a reminder before, `@time` one at a moment, `completion`, `until day`, `past` or another reason.
 */
export function summary(parsed: ParsedText): string {
  const zone = parsed.time_zone ?? reference.timeZone;
  const more = [
    parsed.priority === undefined ? "" : `!${parsed.priority}`,
    ...(parsed.tags ?? []).map((tag) => `#${tag}`),
    ...(parsed.reminders ?? []).map((each) => ("before" in each ? `-${each.before}` : `@${wall(each.at, zone)}`)),
    parsed.recurrence_anchor ?? "",
    parsed.recurrence_ends_at === undefined ? "" : `until ${endDay(parsed.recurrence_ends_at, zone)}`,
    ...parsed.reasons.map(({ kind }) => kind),
  ];
  const due =
    parsed.due_date === undefined
      ? "-"
      : parsed.due_date === null
        ? "none"
        : dueOf(parsed.due_date, zone, parsed.all_day);
  return [parsed.title, due, parsed.recurring_pattern ?? "-", more.filter(Boolean).join(" ")].join(" | ").trimEnd();
}

const dueOf = (due: string, zone: string, allDay: boolean | undefined): string =>
  allDay ? wall(due, zone).slice(0, 10) : wall(due, zone);

function wall(instant: string, zone: string): string {
  const { day, timeMs } = wallTimeOf(new Date(instant), zone);
  return `${dayText(day)} ${clockOf(Math.floor(timeMs / 60_000))}`;
}

/** The day an end includes to its last millisecond; anything else is shown as it is. */
function endDay(end: string, zone: string): string {
  const { day, timeMs } = wallTimeOf(new Date(end), zone);
  return timeMs === 86_399_999 ? dayText(day) : end;
}
