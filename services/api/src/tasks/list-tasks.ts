import { ListTasks, TaskPage } from "@carillon/contracts/http/tasks";
import { answer, describe, readQuery, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import { callerOf } from "../auth/caller.ts";
import type { ApiDeps } from "../deps.ts";
import { conditions, filterOf, isCommon, lookUp } from "./task-filter.ts";
import { readTaskPage, selectShown } from "./task-page.ts";
import { toTask } from "./task-row.ts";
import { behind, orderOf, type Position, sortValue } from "./task-sort.ts";

export const listTasksRoute = (deps: ApiDeps) =>
  new Elysia().get(
    "/api/tasks",
    async ({ request }) =>
      toResponse(answer(200, await listTasks(deps, callerOf(request), readQuery(request, ListTasks)))),
    {
      parse: "none",
      detail: describe({
        summary: "Your tasks, filtered, searched, sorted, in pages",
        tag: "Tasks",
        query: ListTasks,
        answers: { 200: TaskPage },
      }),
    },
  );

/**
 * One page of the user's tasks. Pages are cut by value and id, so that a task created meanwhile moves
 * no other; large tasks make a page shorter than its limit.
 * With `changeSeq`, the user's change number as the caller
 * knows it, tags and reminders need not be read each time.
 */
export async function listTasks(
  { sql, seals, clock, belongings }: ApiDeps,
  { userId, changeSeq }: { userId: string; changeSeq?: number },
  query: ListTasks,
): Promise<TaskPage> {
  const filter = filterOf(query);
  const order = orderOf(query.sort, filter.search !== null);
  const limit = query.limit ?? 50;
  const scope = `tasks ${userId} ${JSON.stringify([filter, order])}`;
  const position = query.cursor === undefined ? null : seals.openCursor<Position>(scope, query.cursor);
  const value = sortValue(sql, order, filter.search);
  const known = changeSeq === undefined ? null : await belongings.read(sql, userId, changeSeq);
  const lookedUp = await lookUp(sql, userId, filter, { order, known });
  const chosen = sql`
    ${selectShown(sql)}, (${value})::text as sort_value
    from api.tasks t
    where ${conditions(sql, userId, filter, lookedUp, clock.now())} ${behind(sql, order, value, position)}
    order by ${value} ${order.descending ? sql`desc` : sql`asc`}, t.id asc
    limit ${limit + 1}`;
  const { tasks, last, isCut } = await readTaskPage<{ sort_value: string }>(sql, userId, chosen, {
    limit,
    known,
    isCommon: isCommon(filter, lookedUp, order),
  });
  const next = isCut && last ? seals.sealCursor(scope, { value: last.sort_value, id: last.id }) : null;
  return { data: tasks.map(toTask), next_cursor: next };
}
