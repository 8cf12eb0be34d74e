import { dateAfterCompletion, occurrenceId } from "@carillon/calendar/recurrence";
import { parseInstant, zoneRelease } from "@carillon/calendar/zone";
import type { Changes } from "@carillon/contracts/event";
import { PutOccurrence, type Settlement } from "@carillon/contracts/http/occurrences";
import { answer, readBody, toResponse } from "@carillon/kit/http";
import { metrics } from "@carillon/kit/observe";
import { type InternalRoute, invalid } from "@carillon/kit/service";
import type { Change } from "../../change/change.ts";
import type { ApiDeps } from "../../deps.ts";
import { positionOf } from "../position-of.ts";
import { remindersMovedTo } from "../reminders/move-along.ts";
import { reconcile } from "../reminders/reconcile.ts";
import { saveTask } from "../save-task.ts";
import { seatedInZone } from "../seat-task.ts";
import type { TaskRow, TaskState } from "../task-row.ts";
import { close, settle } from "./succession.ts";

/** For recurring: the task that follows a completed one. */
export const putOccurrenceRoute = (deps: ApiDeps): InternalRoute => ({
  method: "PUT",
  path: "/internal/tasks/:id",
  callers: ["recurring"],
  handle: async ({ request, params }) => {
    const body = await readBody(request, PutOccurrence);
    const settlement = await putOccurrence(deps, params.id ?? "", body);
    return toResponse(answer(settlement.outcome === "made" ? 201 : 200, settlement));
  },
});

type Next = { dueAt: Date; ordinal: number | null };

/**
 * Creates the successor, once: only while the completion is open, and under the id derived from it. A
 * repeat finds it settled.
 * @throws Problem 422 for an id that is not derived from the completed task's; 409 when the user
 * has the maximum of tasks.
 */
export async function putOccurrence(deps: ApiDeps, id: string, body: PutOccurrence): Promise<Settlement> {
  const { user_id, parent_task_id, parent_version, due_date, ordinal, zone_release = zoneRelease() } = body;
  if (id !== occurrenceId(parent_task_id)) {
    throw invalid({ pointer: "/parent_task_id", detail: "is not what the id in the path is derived from" });
  }
  const dueAt = parseInstant(due_date);
  if (!dueAt) throw invalid({ pointer: "/due_date", detail: "must be an RFC 3339 time with an offset" });
  const asked = { userId: user_id, taskId: parent_task_id, version: parent_version };
  const settlement = await settle(deps, asked, async (change, parent) =>
    follow(change, parent, { dueAt: zone_release === zoneRelease() ? dueAt : foundHere(parent.row, dueAt), ordinal }),
  );
  if (settlement.outcome === "made") {
    metrics.occurrencesCreated.inc();
    metrics.occurrenceLead.observe(Math.max(0, dueAt.getTime() - deps.clock.now().getTime()) / 1_000);
  }
  return settlement;
}

/** The date by our own zone rules; as sent if the completed task carries none. */
function foundHere(row: TaskRow, sent: Date): Date {
  const position = positionOf(row);
  const next = position && row.completed_at && dateAfterCompletion(position, row.completed_at);
  return next?.kind === "date" ? next.at : sent;
}

async function follow(change: Change, parent: TaskState, next: Next): Promise<"made" | "settled"> {
  const { tx, userId } = change;
  const id = occurrenceId(parent.row.id);
  // An imported series brings its successor along.
  const [there] = await tx<{ id: string; due_at: Date | null }[]>`
    select id, due_at from api.tasks where user_id = ${userId} and (id = ${id} or parent_task_id = ${parent.row.id})`;
  if (there) {
    await close(change, parent, "made", generated(there.id, there.due_at));
    return "settled";
  }
  const counted = successorRow(parent.row, change.now, next);
  // A whole day was counted in the zone where the completed one was left.
  const row = seatedInZone({ row: counted, tags: [], reminders: [] }, change.timeZone)?.after.row ?? counted;
  const moment = { dueAt: row.due_at, timeZone: row.time_zone, allDay: row.all_day };
  const { reminders, turns } = reconcile(null, remindersMovedTo(parent, next.dueAt), moment, change);
  change.count("tasks", 1);
  await saveTask(change, null, { row, tags: parent.tags, reminders }, "task.created", turns);
  await close(change, parent, "made", generated(id, row.due_at));
  return "made";
}

const generated = (nextId: string, dueAt: Date | null): { type: "occurrence.generated"; changes: Changes } => ({
  type: "occurrence.generated",
  changes: { next_task_id: [null, nextId], next_due_date: [null, dueAt?.toISOString() ?? null] },
});

/** The completed task's row as the next one's: the user's input stays, the state does not. */
function successorRow(row: TaskRow, now: Date, { dueAt, ordinal }: Next): TaskRow {
  return {
    ...row,
    id: occurrenceId(row.id),
    due_at: dueAt,
    occurrence_at: dueAt,
    series_ordinal: ordinal,
    parent_task_id: row.id,
    succession: null,
    successor_version: null,
    seatings: 0,
    completed_at: null,
    // One that was taken back continues its versions, which never repeat.
    version: row.successor_version ?? 0,
    created_at: now,
    updated_at: now,
    deleted_at: null,
  };
}
