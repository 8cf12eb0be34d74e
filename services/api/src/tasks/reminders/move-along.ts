import { endOfTimeMs, instantOf, wallTimeOf } from "@carillon/calendar/zone";
import type { WantedReminder } from "../fields.ts";
import type { TaskState } from "../task-row.ts";

const dayMs = 86_400_000;

/**
 * The reminders of a task for another date of its series. Relative ones stay as they are; an absolute
 * one keeps its distance on the wall clock: Thursday 17:00 for Friday's task is Thursday 17:00 a
 * week later, too. Snoozed ones are dropped, because they were for this date.
 */
export function remindersMovedTo({ row, reminders }: TaskState, dueAt: Date): WantedReminder[] {
  return reminders.flatMap(({ before, remind_at, is_snooze }): WantedReminder[] => {
    if (before !== null) return [{ before, pointer: "/reminders" }];
    if (is_snooze || remind_at === null || row.due_at === null) return [];
    const at = shifted(remind_at, row.due_at, dueAt, row.time_zone);
    return at.getTime() >= 0 && at.getTime() < endOfTimeMs ? [{ at, pointer: "/reminders" }] : [];
  });
}

function shifted(at: Date, from: Date, to: Date, timeZone: string): Date {
  const reading = (instant: Date): number => {
    const { day, timeMs } = wallTimeOf(instant, timeZone);
    return day * dayMs + timeMs;
  };
  const wallMs = reading(to) + reading(at) - reading(from);
  const day = Math.floor(wallMs / dayMs);
  return instantOf({ day, timeMs: wallMs - day * dayMs }, timeZone);
}
