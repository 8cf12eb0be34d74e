import { parseBefore, remindAt } from "@carillon/calendar/reminder";
import type { InputError } from "@carillon/contracts/problem";
import { keptPointer, reminderKey, type WantedReminder } from "../fields.ts";
import type { ReminderRow, TaskState } from "../task-row.ts";
import type { ReminderTurn } from "./save-reminders.ts";

export const mostReminders = 20;

/** What a task's relative reminders depend on. */
export type Moment = { dueAt: Date | null; timeZone: string; allDay: boolean };

export type Reconciled = { reminders: ReminderRow[]; turns: ReminderTurn[] };

/** The faults of this list of reminders for a task that is due then; empty when there are none. */
export function reminderErrors(wanted: readonly WantedReminder[], { dueAt }: Moment): InputError[] {
  const errors = wanted.flatMap((reminder) => ("before" in reminder ? relativeErrors(reminder, dueAt) : []));
  const last = wanted[mostReminders];
  if (!last) return errors;
  const pointer = last.pointer === "/reminder_at" ? last.pointer : "/reminders";
  return [{ pointer, detail: `a task may have at most ${mostReminders} reminders` }, ...errors];
}

function relativeErrors({ before, pointer }: { before: string; pointer: string }, dueAt: Date | null): InputError[] {
  const at = `${pointer}/before`;
  if (parseBefore(before) === null) return [{ pointer: at, detail: "must be like 15m, 1h, 1d or 1w, from 0m to 365d" }];
  if (dueAt) return [];
  // A kept reminder is not in the request: the fault is in what removes its date.
  return pointer === keptPointer
    ? [{ pointer, detail: "is what the task's reminders count from; remove them too" }]
    : [{ pointer: at, detail: "needs a due_date to count from" }];
}

/**
 * The task's reminders with `wanted` as the list and `moment` as the due date, and the changes on the
 * way. An equal reminder keeps its id and state; when the date moved, a relative one is planned
 * again if its new instant is ahead, and is cancelled if not. A new one that is already past is
 * missed: it never rings late for a date that was set late.
 */
export function reconcile(
  before: TaskState | null,
  wanted: readonly WantedReminder[],
  moment: Moment,
  { now, newId }: { now: Date; newId: () => string },
): Reconciled {
  const known = new Map((before?.reminders ?? []).map((row) => [keyOf(row), row]));
  const completed = before?.row.completed_at != null;
  const turns: ReminderTurn[] = [];
  const reminders = wanted.map((reminder, position) => {
    const at = instantOf(reminder, moment);
    const old = known.get(reminderKey(reminder));
    known.delete(reminderKey(reminder));
    const row = old
      ? replanned({ ...old, position }, at, now, completed)
      : planned(reminder, position, at, { now, newId, completed });
    const type = turnOf(old ?? null, row);
    if (type) turns.push({ type, before: old ?? null, after: row });
    return row;
  });
  for (const gone of known.values())
    if (gone.state === "pending") turns.unshift({ type: "reminder.cancelled", before: gone, after: null });
  return { reminders, turns };
}

/** All pending reminders cancelled for one reason: the task was completed or deleted. */
export function cancelPending(reminders: readonly ReminderRow[], reason: "completed" | "deleted"): Reconciled {
  const turns: ReminderTurn[] = [];
  const after = reminders.map((row) => {
    if (row.state !== "pending") return row;
    const cancelled: ReminderRow = { ...row, state: "cancelled", reason };
    turns.push({ type: "reminder.cancelled", before: row, after: cancelled });
    return cancelled;
  });
  return { reminders: after, turns };
}

/** The reminders after the task left the trash: those its deletion cancelled are planned again if they are ahead. */
export const reviveDeleted = (reminders: readonly ReminderRow[], now: Date): Reconciled =>
  revive(reminders, now, ({ state, reason }) => state === "cancelled" && reason === "deleted");

/**
 * The reminders after a completion was undone: those it cancelled are planned again if they are ahead,
 * and so is every relative one whose date moved ahead meanwhile, rung or not. Those replaced by a
 * snooze stay replaced.
 */
export const reviveCompleted = (reminders: readonly ReminderRow[], now: Date): Reconciled =>
  revive(reminders, now, ({ before, state, reason }) =>
    state === "cancelled" && reason === "completed" ? true : before !== null && reason !== "snoozed",
  );

function revive(reminders: readonly ReminderRow[], now: Date, isWanted: (row: ReminderRow) => boolean): Reconciled {
  const turns: ReminderTurn[] = [];
  const after = reminders.map((row) => {
    if (row.state === "pending" || !row.remind_at || row.remind_at < now || !isWanted(row)) return row;
    const revived: ReminderRow = {
      ...row,
      state: "pending",
      reason: null,
      sent_at: null,
      generation: row.generation + 1,
    };
    turns.push({ type: "reminder.scheduled", before: row, after: revived });
    return revived;
  });
  return { reminders: after, turns };
}

function planned(
  reminder: WantedReminder,
  position: number,
  at: Date | null,
  { now, newId, completed }: { now: Date; newId: () => string; completed: boolean },
): ReminderRow {
  const before = "before" in reminder ? reminder.before : null;
  const row = { id: newId(), position, before, remind_at: at, sent_at: null, generation: 1, is_snooze: false };
  if (completed) return { ...row, state: "cancelled", reason: "completed" };
  return at && at >= now ? { ...row, state: "pending", reason: null } : { ...row, state: "missed", reason: "too_late" };
}

function replanned(row: ReminderRow, at: Date | null, now: Date, completed: boolean): ReminderRow {
  if (row.remind_at?.getTime() === at?.getTime()) return row;
  const moved = { ...row, remind_at: at };
  if (completed) return moved;
  if (at && at >= now)
    return { ...moved, state: "pending", reason: null, sent_at: null, generation: row.generation + 1 };
  return row.state === "pending" ? { ...moved, state: "cancelled", reason: "moved" } : moved;
}

export function turnOf(before: ReminderRow | null, after: ReminderRow): ReminderTurn["type"] | null {
  if (before && before.state === after.state && before.generation === after.generation) return null;
  if (after.state === "pending") return "reminder.scheduled";
  return after.state === "missed" ? "reminder.missed" : "reminder.cancelled";
}

const keyOf = (row: ReminderRow): string =>
  row.before !== null ? reminderKey({ before: row.before }) : `at ${row.remind_at?.getTime()}`;

function instantOf(reminder: WantedReminder, { dueAt, timeZone, allDay }: Moment): Date | null {
  if ("at" in reminder) return reminder.at;
  const before = parseBefore(reminder.before);
  return dueAt && before && remindAt(before, { dueAt, timeZone, allDay });
}
