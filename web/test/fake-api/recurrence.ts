import { occurrenceId } from "@carillon/calendar/recurrence";
import type { Task } from "@carillon/contracts/http/tasks";
import { nextDates, remindersOf } from "./dates.ts";
import { type Answer, notFound, Refusal } from "./refusal.ts";
import { type Account, record } from "./store.ts";
import type { Call, Route } from "./world.ts";

export const recurrenceRoutes: Route[] = [
  { method: "POST", path: /^\/api\/recurrence\/preview$/, run: preview },
  { method: "POST", path: /^\/api\/tasks\/([^/]+)\/skip$/, run: skip },
];

function preview({ body }: Call): Answer {
  const { rrule, text, occurrences } = nextDates({
    pattern: String(body.recurring_pattern),
    due: String(body.due_date),
    zone: String(body.time_zone),
    completion: body.anchor === "completion",
    count: Number(body.count ?? 5),
  });
  const dates = occurrences.map(({ dueAt, note }) => ({ due_date: dueAt.toISOString(), ...(note ? { note } : {}) }));
  return { status: 200, body: { rrule, text, occurrences: dates } };
}

/** The date after this task's own; null when it does not recur or its series is over. */
function dateAfter(task: Task): string | null {
  if (task.due_date === null || task.recurring_pattern === null) return null;
  const { due_date: due, recurring_pattern: pattern, time_zone: zone, all_day: allDay } = task;
  return nextDates({ pattern, due, zone, allDay, count: 1 }).occurrences[0]?.dueAt.toISOString() ?? null;
}

function skip({ world, account, id, now }: Call): Answer {
  const task = account.tasks.get(id);
  if (!task || task.deleted_at) throw notFound();
  const due = dateAfter(task);
  if (due === null)
    throw new Refusal(409, "conflict", "This is the last date of its series: complete the task or delete it.");
  const moved = { ...task, due_date: due };
  const reminders = remindersOf(moved, wishes(task), now);
  const after = record(account, "task.skipped", task, { ...moved, reminders }, now);
  world.changed(account, { event_type: "task.skipped", task_id: id, version: after.version });
  return { status: 200, body: after };
}

const wishes = ({ reminders }: Task) => reminders.flatMap(({ before }) => (before ? [{ before }] : []));

/** What `recurring` does a moment after a completion: the next occurrence, or the end of the series. */
export function follow(account: Account, task: Task, now: string): void {
  const due = dateAfter(task);
  if (due === null) {
    if (task.is_recurring) record(account, "series.ended", task, task, now);
    return;
  }
  const id = occurrenceId(task.id);
  const open = { status: "pending" as const, completed: false, completed_at: null };
  const next = { ...task, ...open, id, due_date: due, parent_task_id: task.id };
  record(account, "occurrence.generated", null, { ...next, reminders: remindersOf(next, wishes(task), now) }, now);
}

/** Undoing a completion removes its untouched successor. */
export function takeBack(account: Account, task: Task): void {
  const next = account.tasks.get(occurrenceId(task.id));
  if (next?.version === 1) account.tasks.delete(next.id);
}
