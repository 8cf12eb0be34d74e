import { parseInstant } from "@carillon/calendar/zone";
import { Snooze } from "@carillon/contracts/http/reminders";
import { Task } from "@carillon/contracts/http/tasks";
import { describe, readBody } from "@carillon/kit/http";
import { invalid, Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import type { Change } from "../change/change.ts";
import { answerOnce } from "../change/idempotency.ts";
import type { ApiDeps } from "../deps.ts";
import { requireMatch } from "./etag.ts";
import { loadTask } from "./load-task.ts";
import { mostReminders } from "./reminders/reconcile.ts";
import type { ReminderTurn } from "./reminders/save-reminders.ts";
import { saveTask } from "./save-task.ts";
import type { ReminderRow, TaskState } from "./task-row.ts";
import { ifMatch, readForTask, taskAnswer, taskId } from "./write-task.ts";

export const snoozeTaskRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/tasks/:id/snooze",
    async ({ request, params }) => {
      const body = await readForTask(deps, request, params.id, async () => onlyOne(await readBody(request, Snooze)));
      return answerOnce(deps, request, body, async (change) =>
        taskAnswer(await snoozeTask(change, params.id, body, request)),
      );
    },
    {
      parse: "none",
      detail: describe({
        summary: "Ring again in some minutes or at an instant; a new snooze replaces the last one",
        tag: "Tasks",
        params: taskId,
        body: Snooze,
        answers: { 200: Task },
        errors: [409, 412],
        headers: { ...ifMatch, "Idempotency-Key": "Repeats give the first answer again, for 24 h." },
      }),
    },
  );

/** @throws Problem 422 for both and for neither. */
function onlyOne(body: Snooze): Snooze {
  const { minutes, until } = body;
  if ((minutes === undefined) === (until === undefined))
    throw invalid({ pointer: until === undefined ? "/minutes" : "/until", detail: "give either minutes or until" });
  return body;
}

/**
 * The task with one reminder more; the last snooze that is still to ring is cancelled.
 * @throws Problem 422 when `until` does not lie ahead, 409 when the task is completed.
 */
export async function snoozeTask(change: Change, id: string, body: Snooze, request: Request): Promise<TaskState> {
  const before = await loadTask(change.tx, change.userId, id);
  const at = ringAt(body, change.now);
  requireMatch(request, before.row.version);
  if (before.row.completed_at)
    throw new Problem("conflict", "This task is completed: it has nothing to remind you of.");
  const { reminders, turns } = snoozed(before.reminders, at, change.newId);
  return saveTask(change, before, { ...before, reminders }, "task.updated", turns);
}

function ringAt({ minutes = 0, until }: Snooze, now: Date): Date {
  const at = until === undefined ? new Date(now.getTime() + minutes * 60_000) : parseInstant(until);
  if (!at || at <= now) throw invalid({ pointer: "/until", detail: "must be in the future" });
  return at;
}

/**
 * The reminders and one more at `at`, in place of the last snooze that is still to ring; the others stay. One that was there for this very
 * instant is that one.
 */
function snoozed(before: readonly ReminderRow[], at: Date, newId: () => string) {
  const same = before.find((row) => row.before === null && row.remind_at?.getTime() === at.getTime());
  const turns: ReminderTurn[] = [];
  const calledOff = before.map((row) => {
    if (row === same || row.state !== "pending" || !row.is_snooze) return row;
    const cancelled: ReminderRow = { ...row, state: "cancelled", reason: "snoozed" };
    turns.push({ type: "reminder.cancelled", before: row, after: cancelled });
    return cancelled;
  });
  if (same?.state === "pending") return { reminders: calledOff, turns };
  const kept = withRoomForOne(calledOff.filter((row) => row !== same)).map((row, position) => ({ ...row, position }));
  const is_snooze = same?.is_snooze ?? true;
  const fresh = {
    id: same?.id ?? newId(),
    position: kept.length,
    before: null,
    remind_at: at,
    sent_at: null,
    is_snooze,
  };
  const after: ReminderRow = { ...fresh, state: "pending", reason: null, generation: (same?.generation ?? 0) + 1 };
  turns.push({ type: "reminder.snoozed", before: same ?? null, after });
  return { reminders: [...kept, after], turns };
}

/**
 * A task that is snoozed every day would fill up: the oldest ended absolute reminder makes room.
 * @throws Problem 409
 */
function withRoomForOne(rows: readonly ReminderRow[]): readonly ReminderRow[] {
  if (rows.length < mostReminders) return rows;
  const over = rows.filter((row) => row.before === null && row.state !== "pending");
  const oldest = over.sort((a, b) => (a.remind_at?.getTime() ?? 0) - (b.remind_at?.getTime() ?? 0))[0];
  if (!oldest) throw new Problem("conflict", `A task may have at most ${mostReminders} reminders; remove one first.`);
  return rows.filter((row) => row !== oldest);
}
