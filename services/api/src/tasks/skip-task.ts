import { dateAfterSkip, type NextDate } from "@carillon/calendar/recurrence";
import type { Changes } from "@carillon/contracts/event";
import { Task } from "@carillon/contracts/http/tasks";
import { describe } from "@carillon/kit/http";
import { metrics } from "@carillon/kit/observe";
import { Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import type { Change } from "../change/change.ts";
import { answerOnce } from "../change/idempotency.ts";
import { nothing } from "../change/read-input.ts";
import type { ApiDeps } from "../deps.ts";
import { requireMatch } from "./etag.ts";
import { loadTask } from "./load-task.ts";
import { positionOf } from "./position-of.ts";
import { remindersMovedTo } from "./reminders/move-along.ts";
import { reconcile } from "./reminders/reconcile.ts";
import { saveTask } from "./save-task.ts";
import type { TaskRow, TaskState } from "./task-row.ts";
import { ifMatch, readForTask, taskAnswer, taskId } from "./write-task.ts";

export const skipTaskRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/tasks/:id/skip",
    async ({ request, params }) => {
      await readForTask(deps, request, params.id, nothing);
      return answerOnce(deps, request, null, async (change) => taskAnswer(await skipTask(change, params.id, request)));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Skip this date of a recurring task: it moves to the next one",
        tag: "Tasks",
        params: taskId,
        answers: { 200: Task },
        errors: [400, 409, 412],
        headers: { ...ifMatch, "Idempotency-Key": "Repeats give the first answer again, for 24 h." },
      }),
    },
  );

/** Maximum per series, more than COUNT can ever count: a growing list needs a limit. */
const mostExcluded = 1_000;

/** The skipped dates of a series including these; the oldest make room. */
export const withoutDates = (excluded: readonly Date[], more: readonly Date[]): Date[] =>
  [...excluded, ...more].slice(-mostExcluded);

/**
 * The same task at its series' next date, past or not; the skipped date is kept as an exception (RFC
 * 5545 EXDATE).
 * @throws Problem 409 when it does not recur, is completed, or is at its series' last date.
 */
export async function skipTask(change: Change, id: string, request: Request): Promise<TaskState> {
  const before = await loadTask(change.tx, change.userId, id);
  requireMatch(request, before.row.version);
  const { row } = before;
  if (row.completed_at) throw new Problem("conflict", "This task is completed: there is nothing to skip.");
  const next = nextDate(row);
  if (next === null) throw new Problem("conflict", "This task does not recur: there is no next date.");
  if (next.kind === "ended")
    throw new Problem("conflict", "This is the last date of its series: complete the task or delete it.");
  const moment = { dueAt: next.at, timeZone: row.time_zone, allDay: row.all_day };
  const { reminders, turns } = reconcile(before, remindersMovedTo(before, next.at), moment, change);
  const after: TaskRow = {
    ...row,
    due_at: next.at,
    occurrence_at: next.at,
    excluded_dates: withoutDates(row.excluded_dates, row.occurrence_at ? [row.occurrence_at] : []),
    // COUNT counts a skipped date, too.
    series_ordinal: row.series_ordinal === null ? null : row.series_ordinal + 1,
  };
  const skipped = { skipped_date: [null, row.occurrence_at?.toISOString() ?? null] } satisfies Changes;
  return saveTask(change, before, { ...before, reminders, row: after }, "task.skipped", turns, skipped);
}

/** The date after the task's own; null when it does not recur. */
function nextDate(row: TaskRow): NextDate | null {
  const position = positionOf(row);
  if (position === null) return null;
  const stop = metrics.rruleCalculation.startTimer();
  const next = dateAfterSkip(position);
  stop();
  return next;
}
