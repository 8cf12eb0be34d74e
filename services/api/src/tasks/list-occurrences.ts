import { occurrencesBetween } from "@carillon/calendar/recurrence";
import { parseInstant } from "@carillon/calendar/zone";
import { ListOccurrences, type Occurrence, OccurrencePage } from "@carillon/contracts/http/recurrence";
import { priorities } from "@carillon/contracts/http/tasks";
import { answer, describe, readQuery, toResponse } from "@carillon/kit/http";
import { metrics } from "@carillon/kit/observe";
import { invalid } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { callerOf } from "../auth/caller.ts";
import type { ApiDeps } from "../deps.ts";
import { positionOf } from "./position-of.ts";
import type { TaskRow } from "./task-row.ts";

export const listOccurrencesRoute = (deps: ApiDeps) =>
  new Elysia().get(
    "/api/tasks/occurrences",
    async ({ request }) => {
      const query = readQuery(request, ListOccurrences);
      return toResponse(answer(200, await listOccurrences(deps, callerOf(request).userId, query)));
    },
    {
      parse: "none",
      detail: describe({
        summary: "The dates of your repeating tasks in a period; none of them is stored yet",
        tag: "Recurrence",
        query: ListOccurrences,
        answers: { 200: OccurrencePage },
      }),
    },
  );

const maxWindowDays = 366;

/** Where a page ended. */
type Mark = { at: number; id: string };
type Found = Mark & { row: SeriesRow };
type SeriesRow = TaskRow & { id: string };

/**
 * Dates of open series from `from` to before `to`, soonest first, ties by id: those after each task's
 * own date that are not over yet.
 * @throws Problem 422 for a period that ends before it begins, or is longer than a year.
 */
export async function listOccurrences({ sql, seals, clock }: ApiDeps, userId: string, query: ListOccurrences) {
  const window = { ...windowOf(query), now: clock.now() };
  const limit = query.limit ?? 500;
  const scope = `occurrences ${userId} ${query.from} ${query.to}`;
  const mark = query.cursor === undefined ? null : seals.openCursor<Mark>(scope, query.cursor);
  const rows = await sql<SeriesRow[]>`
    select id, series_id, title, priority, time_zone, all_day, recurring_pattern, series_start, occurrence_at,
      recurrence_anchor, series_ordinal, recurrence_ends_at, excluded_dates
    from api.tasks
    where user_id = ${userId} and rrule is not null and completed_at is null and deleted_at is null`;
  const stop = metrics.rruleCalculation.startTimer();
  const found = soonest(rows, { window, mark, most: limit + 1 });
  stop();
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const next =
    last !== undefined && found.length > limit ? seals.sealCursor(scope, { at: last.at, id: last.id }) : null;
  return { data: page.map(toOccurrence), next_cursor: next } satisfies OccurrencePage;
}

function windowOf({ from, to }: ListOccurrences): { from: Date; to: Date } {
  const [first, last] = [parseInstant(from), parseInstant(to)];
  if (!first || !last) throw new Error("An instant passed the schema and cannot be read.");
  if (last < first) throw invalid({ pointer: "to", detail: "is before from" });
  if (last.getTime() - first.getTime() > maxWindowDays * 86_400_000)
    throw invalid({ pointer: "to", detail: `is more than ${maxWindowDays} days after from; ask for less at once` });
  return { from: first, to: last };
}

type Search = { window: { from: Date; to: Date; now: Date }; mark: Mark | null; most: number };

/** The soonest dates behind the cursor. Once there are enough, later ones are no longer searched. */
function soonest(rows: readonly SeriesRow[], { window, mark, most }: Search): Found[] {
  let found: Found[] = [];
  let { to } = window;
  for (const row of rows) {
    const position = positionOf(row);
    if (position === null) continue;
    for (const { at } of occurrencesBetween(position, { ...window, to })) {
      const one = { at: at.getTime(), id: row.id, row };
      if (mark === null || inOrder(mark, one) < 0) found.push(one);
    }
    if (found.length < 4 * most) continue;
    found = found.sort(inOrder).slice(0, most);
    to = new Date((found.at(-1)?.at ?? to.getTime()) + 1);
  }
  return found.sort(inOrder).slice(0, most);
}

const inOrder = (a: Mark, b: Mark): number => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const toOccurrence = ({ at, row }: Found): Occurrence => ({
  task_id: row.id,
  series_id: row.series_id,
  title: row.title,
  priority: priorities[row.priority] ?? "medium",
  due_date: new Date(at).toISOString(),
  time_zone: row.time_zone,
  all_day: row.all_day,
});
