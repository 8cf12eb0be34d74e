import { parseBefore, remindAt } from "@carillon/calendar/reminder";
import type { Reminder } from "@carillon/contracts/http/tasks";
import type { Reconciled } from "../reminders/reconcile.ts";
import { turnOf } from "../reminders/reconcile.ts";
import type { ReminderRow, TaskRow, TaskState } from "../task-row.ts";
import { dateOf, type Kept, keyOf, keysOf, listOf, type TaskEntry } from "./task-entry.ts";

export type BackReminders = Reconciled & { isBack: boolean; kept: Kept[] };

type At = { now: Date; newId: () => string };

/**
 * The task's reminders as they were before the entry, for a task that is now at `row`: what was to ring rings again where its instant lies
 * ahead, and what had had its end has it again. A list that was changed since is kept and named; it follows the task's date all the same.
 */
export function backReminders(state: TaskState, row: TaskRow, { changes }: TaskEntry, at: At): BackReminders {
  const [before, after] = [listOf(changes.reminders?.[0]), listOf(changes.reminders?.[1])];
  const isAsLeft = sameKeys(keysOf(state.reminders), keysOf(after));
  if (changes.reminders && isAsLeft) {
    const reminders = before.map((reminder, position) => backTo(reminder, position, { state, row, after }, at));
    return { reminders, turns: turnsBetween(state.reminders, reminders), isBack: true, kept: [] };
  }
  const isForeign = changes.reminders && !sameKeys(keysOf(before), keysOf(after));
  const isThere = sameKeys(keysOf(state.reminders), keysOf(before));
  const reminders = state.reminders.map((reminder) => following(reminder, row, at));
  const kept: Kept[] = isForeign && !isThere ? [{ field: "reminders", reason: "changed" }] : [];
  return { reminders, turns: turnsBetween(state.reminders, reminders), isBack: false, kept };
}

type Known = { state: TaskState; row: TaskRow; after: readonly Reminder[] };

function backTo(old: Reminder, position: number, { state, row, after }: Known, { now, newId }: At): ReminderRow {
  const key = keyOf(old);
  const there = state.reminders.find((reminder) => keyOf(reminder) === key);
  const left = after.find((reminder) => keyOf(reminder) === key);
  const at = instantOf(old.before, dateOf(old.remind_at), row);
  const fresh = { id: newId(), before: old.before, generation: 0, is_snooze: false, sent_at: null } as const;
  const base: ReminderRow = {
    ...(there ?? { ...fresh, ...(silenceOf(row) ?? { state: "missed", reason: "too_late" }) }),
    position,
    remind_at: at,
  };
  const isUntouched = !there || !left || (there.state === left.state && there.reason === left.reason);
  if (old.state !== "pending")
    return isUntouched ? { ...base, state: old.state, reason: old.reason, sent_at: dateOf(old.sent_at) } : base;
  // What rang meanwhile has rung.
  if (there && !isUntouched && there.state !== "pending" && there.remind_at?.getTime() === at?.getTime()) return base;
  return ringing(base, there ?? null, row, now);
}

/** The reminder at its task's present date, ringing where what had stopped it is over. */
function following(reminder: ReminderRow, row: TaskRow, { now }: At): ReminderRow {
  const at = instantOf(reminder.before, reminder.remind_at, row);
  const moved = { ...reminder, remind_at: at };
  const isMoved = at?.getTime() !== reminder.remind_at?.getTime();
  const isStopped = reminder.state === "cancelled" && ["completed", "deleted"].includes(reminder.reason ?? "");
  if (reminder.state === "pending" || isStopped || (isMoved && reminder.before !== null))
    return ringing(moved, reminder, row, now);
  return moved;
}

/** Why nothing rings of a task that is not open, which its opening ends; null for one that is. */
function silenceOf({ deleted_at, completed_at }: TaskRow): Pick<ReminderRow, "state" | "reason"> | null {
  if (deleted_at) return { state: "cancelled", reason: "deleted" };
  return completed_at ? { state: "cancelled", reason: "completed" } : null;
}

/** To ring when its task is open and its instant ahead; a new generation where it would not have rung there anyway. */
function ringing(base: ReminderRow, there: ReminderRow | null, row: TaskRow, now: Date): ReminderRow {
  const isSame = there?.state === "pending" && there.remind_at?.getTime() === base.remind_at?.getTime();
  const silence = silenceOf(row);
  if (silence) return base.state === "pending" ? { ...base, ...silence } : base;
  if (isSame) return base;
  if (base.remind_at && base.remind_at >= now)
    return { ...base, state: "pending", reason: null, sent_at: null, generation: base.generation + 1 };
  if (base.state === "pending") return { ...base, state: "cancelled", reason: "moved" };
  return { ...base, generation: Math.max(1, base.generation) };
}

/** What is said of each reminder that rings otherwise than before; one that went is called off. */
function turnsBetween(before: readonly ReminderRow[], after: readonly ReminderRow[]): Reconciled["turns"] {
  const kept = new Set(after.map(({ id }) => id));
  const gone = before.filter(({ id, state }) => !kept.has(id) && state === "pending");
  const turns: Reconciled["turns"] = gone.map((one) => ({ type: "reminder.cancelled", before: one, after: null }));
  for (const row of after) {
    const old = before.find(({ id }) => id === row.id) ?? null;
    // The task's own event says it of a reminder that did not ring and does not.
    if (row.state !== "pending" && old?.state !== "pending") continue;
    const type = row.state === "pending" ? turnOf(old, row) : "reminder.cancelled";
    if (type) turns.push({ type, before: old, after: row });
  }
  return turns;
}

const sameKeys = (one: readonly string[], other: readonly string[]): boolean => Bun.deepEquals(one, other);

function instantOf(before: string | null, at: Date | null, row: TaskRow): Date | null {
  if (before === null) return at;
  const parsed = parseBefore(before);
  return row.due_at && parsed && remindAt(parsed, { dueAt: row.due_at, timeZone: row.time_zone, allDay: row.all_day });
}
