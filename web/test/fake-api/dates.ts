import { previewSeries } from "@carillon/calendar/recurrence";
import { parseBefore, remindAt } from "@carillon/calendar/reminder";
import type { Reminder, ReminderInput, Task } from "@carillon/contracts/http/tasks";
import { invalid, Refusal } from "./refusal.ts";

type Asked = { pattern: string; due: string; zone: string; allDay?: boolean; completion?: boolean; count?: number };

/** The next dates by the engine itself. @throws Refusal at the rule. */
export function nextDates({ pattern, due, zone, allDay = false, completion = false, count = 5 }: Asked) {
  const anchor = completion ? ("completion" as const) : ("due_date" as const);
  const dueAt = new Date(due);
  const found = previewSeries({ pattern, dueAt, allDay, timeZone: zone, anchor, endsAt: null, count });
  if (found.ok) return found;
  const errors = found.errors.map(({ field, detail }) => ({ pointer: `/${field}`, detail }));
  throw new Refusal(422, "invalid", "The request is not valid.", { errors });
}

/**
 * The task's reminders with `wanted` as the list: an equal one keeps its id and state, a past one is
 * missed at once.
 */
export function remindersOf(task: Task, wanted: readonly ReminderInput[], now: string): Reminder[] {
  const keyOf = (one: ReminderInput) => ("before" in one ? one.before : new Date(one.at).toISOString());
  const unique = new Map(wanted.map((one) => [keyOf(one), one]));
  return [...unique.values()].map((one, index) => {
    const same = task.reminders.find(({ before, remind_at }) => (before ?? remind_at) === keyOf(one));
    const at = ringsAt(task, one, index);
    if (same && same.state !== "pending") return same;
    const ahead = at >= now;
    return {
      id: same?.id ?? Bun.randomUUIDv7(),
      before: "before" in one ? one.before : null,
      remind_at: at,
      state: ahead ? "pending" : "missed",
      reason: ahead ? null : "too_late",
      sent_at: null,
    };
  });
}

function ringsAt(task: Task, one: ReminderInput, index: number): string {
  if ("at" in one) return new Date(one.at).toISOString();
  const before = parseBefore(one.before);
  const pointer = `/reminders/${index}/before`;
  if (before === null) throw invalid(pointer, "must be like 15m, 1h, 1d or 1w, from 0m to 365d");
  if (task.due_date === null) throw invalid(pointer, "needs a due_date to count from");
  const due = { dueAt: new Date(task.due_date), allDay: task.all_day, timeZone: task.time_zone };
  return remindAt(before, due).toISOString();
}

/** The earliest pending one, else the last one. */
export function reminderAt(reminders: readonly Reminder[]): string | null {
  const instants = (some: readonly Reminder[]) => some.flatMap(({ remind_at: at }) => at ?? []).sort();
  return instants(reminders.filter(({ state }) => state === "pending"))[0] ?? instants(reminders).at(-1) ?? null;
}
