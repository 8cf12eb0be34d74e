import { parseBefore, remindAt } from "@carillon/calendar/reminder";
import { currentZones, instantOf, startOfDay, wallTimeOf, type ZoneTable } from "@carillon/calendar/zone";
import type { ReminderTurn } from "./reminders/save-reminders.ts";
import type { ReminderRow, TaskRow, TaskState } from "./task-row.ts";

/** The destination of a task's wall times: other rules of its zone, or (a whole day) another zone. */
type Move = { from: Clock; to: Clock; keepsInstants: boolean };
type Clock = { timeZone: string; zones: ZoneTable };

export type Seated = { after: TaskState; turns: ReminderTurn[] };

/**
 * The task with the same wall times under other rules of its zone; null when no instant changes.
 * Pending reminders ring at their new instant, at once if that has passed; those that rang stay so,
 * and so do snoozed ones.
 */
export function seatedByRules(state: TaskState, from: ZoneTable, to: ZoneTable): Seated | null {
  const { time_zone: timeZone } = state.row;
  return seated(state, { from: { timeZone, zones: from }, to: { timeZone, zones: to }, keepsInstants: false });
}

/**
 * An all-day task with the same days in another zone; null when it is already there, or is not such a
 * task. Absolute reminders stay.
 */
export function seatedInZone(state: TaskState, timeZone: string): Seated | null {
  const { time_zone: old, all_day } = state.row;
  if (!all_day || old === timeZone) return null;
  const zones = currentZones();
  return seated(state, { from: { timeZone: old, zones }, to: { timeZone, zones }, keepsInstants: true });
}

function seated(state: TaskState, move: Move): Seated | null {
  const { row } = state;
  const date = (at: Date): Date => (row.all_day ? sameDay(at, move) : sameWall(at, move));
  const after: TaskRow = {
    ...row,
    time_zone: move.to.timeZone,
    due_at: row.due_at && date(row.due_at),
    series_start: row.series_start && date(row.series_start),
    occurrence_at: row.occurrence_at && date(row.occurrence_at),
    excluded_dates: row.excluded_dates.map(date),
    recurrence_ends_at: row.recurrence_ends_at && sameWall(row.recurrence_ends_at, move),
  };
  const reminders = state.reminders.map((reminder) => reminderOf(reminder, after, move));
  const turns = reminders.flatMap((reminder, index): ReminderTurn[] => {
    const before = state.reminders[index];
    return before === undefined || before.generation === reminder.generation
      ? []
      : [{ type: "reminder.scheduled", before, after: reminder }];
  });
  const isSame = Bun.deepEquals(after, row) && Bun.deepEquals(reminders, state.reminders);
  return isSame && !endsElsewhere(row, move) ? null : { after: { ...state, row: after, reminders }, turns };
}

const sameDay = (at: Date, { from, to }: Move): Date =>
  startOfDay(wallTimeOf(at, from.timeZone, from.zones).day, to.timeZone, to.zones);

function sameWall(at: Date, { from, to }: Move): Date {
  const old = wallTimeOf(at, from.timeZone, from.zones);
  // The second pass of a repeated time stays the second.
  return Bun.deepEquals(old, wallTimeOf(at, to.timeZone, to.zones)) ? at : instantOf(old, to.timeZone, to.zones);
}

/** True for a whole day that begins at the same instant and ends at another: then it is overdue from another one. */
function endsElsewhere({ all_day, due_at }: TaskRow, { from, to }: Move): boolean {
  if (!all_day || due_at === null) return false;
  const end = ({ timeZone, zones }: Clock): number =>
    startOfDay(wallTimeOf(due_at, timeZone, zones).day + 1, timeZone, zones).getTime();
  return end(from) !== end(to);
}

function reminderOf(reminder: ReminderRow, { due_at, all_day, time_zone }: TaskRow, move: Move): ReminderRow {
  const { before, remind_at, state, is_snooze, generation } = reminder;
  if (is_snooze || remind_at === null || (state !== "pending" && state !== "cancelled")) return reminder;
  const parsed = before === null ? null : parseBefore(before);
  const due = { dueAt: due_at ?? remind_at, allDay: all_day, timeZone: time_zone };
  const absolute = move.keepsInstants ? remind_at : sameWall(remind_at, move);
  const at = parsed === null || due_at === null ? absolute : remindAt(parsed, due, move.to.zones);
  if (at.getTime() === remind_at.getTime()) return reminder;
  return { ...reminder, remind_at: at, generation: state === "pending" ? generation + 1 : generation };
}
