import { dayIn, startOfDay } from "@carillon/calendar/zone";
import type { TaskRow } from "./task-row.ts";

/**
 * The instant from which a task is overdue while it is pending: its due date, or for a whole day the
 * next local midnight; null without a date. Stored with the row because the database knows neither
 * every zone we accept nor always the same clock changes.
 */
export function overdueFrom({
  due_at,
  all_day,
  time_zone,
}: Pick<TaskRow, "due_at" | "all_day" | "time_zone">): Date | null {
  return due_at && all_day ? startOfDay(dayIn(due_at, time_zone) + 1, time_zone) : due_at;
}
