import { type Pause, pauseSeries as pauseOf } from "@carillon/calendar/recurrence";
import { parseInstant } from "@carillon/calendar/zone";
import { PausedSeries, PauseQuery, PauseSeries } from "@carillon/contracts/http/series";
import type { Db } from "@carillon/kit/database";
import { answer, describe, readBody, readQuery, toResponse } from "@carillon/kit/http";
import { invalid, Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { callerOf } from "../auth/caller.ts";
import type { Change } from "../change/change.ts";
import { answerOnce, keyOf } from "../change/idempotency.ts";
import { inBatch } from "../change/in-batch.ts";
import { readInput } from "../change/read-input.ts";
import type { ApiDeps } from "../deps.ts";
import { positionOf } from "./position-of.ts";
import { remindersMovedTo } from "./reminders/move-along.ts";
import { reconcile } from "./reminders/reconcile.ts";
import { saveTask } from "./save-task.ts";
import { withoutDates } from "./skip-task.ts";
import { selectTasks, stateOf, type TaskRow, type TaskState } from "./task-row.ts";

export const pauseSeriesRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/series/pause",
    async ({ request }) => {
      const body = await readInput(request, () => readBody(request, PauseSeries), undefined, PauseQuery);
      const asked = readAsked(body);
      const { dry_run: isDryRun = false } = readQuery(request, PauseQuery);
      if (!isDryRun)
        return answerOnce(deps, request, body, async (change) => answer(200, await pauseSeries(change, asked)));
      keyOf(request);
      const plans = await plansOf(deps.sql, callerOf(request).userId, asked);
      return toResponse(answer(200, told(plans, null)));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Pause many series, or all: away until",
        tag: "Recurrence",
        query: PauseQuery,
        body: PauseSeries,
        answers: { 200: PausedSeries },
        errors: [409],
        headers: { "Idempotency-Key": "Repeats give the first answer again, for 24 h." },
      }),
    },
  );

type Asked = { seriesIds: readonly string[] | null; from: Date; until: Date };

const [maxDays, maxTasks] = [366, 500];

/**
 * @throws Problem 422 for both or neither of `series_ids` and `all`, and for a pause that is empty or
 * longer than a year.
 */
function readAsked({ series_ids, all, from, until }: PauseSeries): Asked {
  const seriesIds = series_ids ?? null;
  const [first, last] = [parseInstant(from), parseInstant(until)];
  if (!first || !last) throw new Error("An instant passed the schema and cannot be read.");
  if ((seriesIds === null) === (all === undefined))
    throw invalid({ pointer: "/series_ids", detail: "give either series_ids or all" });
  if (last <= first) throw invalid({ pointer: "/until", detail: "must be after from" });
  if (last.getTime() - first.getTime() > maxDays * 86_400_000)
    throw invalid({ pointer: "/until", detail: `may be at most ${maxDays} days after from` });
  return { seriesIds, from: first, until: last };
}

type Plan = { row: TaskRow; pause: Exclude<Pause, { kind: "untouched" }> };

/** The effect of the pause on each open task it touches. Reads only. */
async function plansOf(db: Db, userId: string, { seriesIds, from, until }: Asked): Promise<Plan[]> {
  const rows = await db<TaskRow[]>`
    select id, series_id, title, due_at, time_zone, all_day, recurring_pattern, series_start, occurrence_at,
      recurrence_anchor, series_ordinal, recurrence_ends_at, excluded_dates
    from api.tasks
    where user_id = ${userId} and rrule is not null and completed_at is null and deleted_at is null
      and due_at < ${until} ${seriesIds === null ? db`` : db`and series_id = any(${seriesIds}::uuid[])`}
    order by due_at, id`;
  const plans = rows.flatMap((row): Plan[] => {
    const position = positionOf(row);
    const pause = position && row.due_at && pauseOf(position, row.due_at, { from, until });
    return pause && pause.kind !== "untouched" ? [{ row, pause }] : [];
  });
  if (plans.length > maxTasks)
    throw new Problem(
      "conflict",
      `More than ${maxTasks} series have dates in this pause; name some of them at a time.`,
    );
  return plans;
}

/** The series without the stretch, all as one batch, and what that means. @throws Problem 409 when they are too many at once. */
export async function pauseSeries(change: Change, asked: Asked): Promise<PausedSeries> {
  const { tx, userId } = change;
  const batchId = change.newId();
  const batch = inBatch(change, batchId);
  const plans = await plansOf(tx, userId, asked);
  const ids = plans.map(({ row }) => row.id);
  const read = await tx`${selectTasks(tx)} from api.tasks t where t.user_id = ${userId} and t.id = any(${ids}::uuid[])`;
  const states = new Map(read.map(stateOf).map((state) => [state.row.id, state]));
  for (const { row, pause } of plans) {
    const state = states.get(row.id);
    if (state && pause.kind !== "ends") await leaveOut(batch, state, pause);
  }
  return told(plans, batchId);
}

async function leaveOut(change: Change, before: TaskState, pause: Plan["pause"]): Promise<void> {
  if (pause.kind === "ends") return;
  const { row } = before;
  const said = { skipped_dates: [null, pause.skipped.map((date) => date.toISOString())] as [null, string[]] };
  const excluded = { ...row, excluded_dates: withoutDates(row.excluded_dates, pause.skipped) };
  if (pause.kind === "stays") {
    await saveTask(change, before, { ...before, row: excluded }, "task.updated", [], said);
    return;
  }
  const { at } = pause.next;
  const moment = { dueAt: at, timeZone: row.time_zone, allDay: row.all_day };
  const { reminders, turns } = reconcile(before, remindersMovedTo(before, at), moment, change);
  const after: TaskRow = {
    ...excluded,
    due_at: at,
    occurrence_at: at,
    // COUNT counts skipped dates, too.
    series_ordinal: row.series_ordinal === null ? null : row.series_ordinal + pause.skipped.length,
  };
  await saveTask(change, before, { ...before, reminders, row: after }, "task.skipped", turns, said);
}

/** A preview has no batch. */
function told(plans: readonly Plan[], batchId: string | null): PausedSeries {
  const named = ({ id, series_id, title, due_at }: TaskRow) => ({
    task_id: id,
    series_id,
    title,
    due_date: due_at?.toISOString() ?? null,
  });
  return {
    dry_run: batchId === null,
    batch_id: batchId,
    paused: plans.flatMap(({ row, pause }) => {
      if (pause.kind === "ends") return [];
      const next = pause.kind === "moves" ? pause.next.at : row.due_at;
      const skipped_dates = pause.skipped.map((date) => date.toISOString());
      return [{ ...named(row), next_due_date: next?.toISOString() ?? null, skipped_dates }];
    }),
    kept: plans.flatMap(({ row, pause }) => (pause.kind === "ends" ? [named(row)] : [])),
  };
}
