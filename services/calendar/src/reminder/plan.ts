import { type Before, type Due, remindAt } from "./before.ts";

/** A reminder as asked for: some time before the due date, or at an instant of its own. */
export type ReminderWish = { kind: "before"; before: Before } | { kind: "at"; at: Date };

/**
 * What becomes of it. A relative one without a due date cannot be planned: the caller refuses it. One that lies in the past when it is set
 * is missed at once and never mailed.
 */
export type ReminderPlan =
  | { state: "pending"; remindAt: Date; reason: null }
  | { state: "missed"; remindAt: Date; reason: "too_late" }
  | { state: "unplannable" };

export function planReminder(wish: ReminderWish, due: Due | null, now: Date): ReminderPlan {
  if (wish.kind === "at") return planAt(wish.at, now);
  return due === null ? { state: "unplannable" } : planAt(remindAt(wish.before, due), now);
}

const planAt = (at: Date, now: Date): ReminderPlan =>
  at < now ? { state: "missed", remindAt: at, reason: "too_late" } : { state: "pending", remindAt: at, reason: null };

/**
 * What a relative reminder becomes when the due date moves or the task is reopened: a new ring, or null when that would lie in the past, and
 * then it stays as it is.
 */
export function replanReminder(before: Before, due: Due, now: Date): { remindAt: Date } | null {
  const at = remindAt(before, due);
  return at < now ? null : { remindAt: at };
}

/** A reminder later than this is shown as missed and no longer mailed. */
export const mostLateMs = 24 * 3_600_000;

export const isTooLate = (remindAt: Date, now: Date): boolean => now.getTime() - remindAt.getTime() > mostLateMs;
