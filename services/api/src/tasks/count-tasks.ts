import { dayIn, startOfDay } from "@carillon/calendar/zone";
import { TaskCounts } from "@carillon/contracts/http/tasks";
import { answer, describe, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import { callerOf } from "../auth/caller.ts";
import type { ApiDeps } from "../deps.ts";

export const countTasksRoute = (deps: ApiDeps) =>
  new Elysia().get(
    "/api/tasks/counts",
    async ({ request }) => toResponse(answer(200, await countTasks(deps, callerOf(request).userId))),
    {
      parse: "none",
      detail: describe({
        summary: "How many of your tasks are overdue, due today, without a date, under each tag",
        tag: "Tasks",
        answers: { 200: TaskCounts },
      }),
    },
  );

type Row = Omit<TaskCounts, "tags" | "change">;

/** The user's tasks counted by where they stand; "today" is the day in the user's zone. Instants are compared with the deciding clock. */
export async function countTasks({ sql, clock }: ApiDeps, userId: string): Promise<TaskCounts> {
  const now = clock.now();
  const found = await sql<{ time_zone: string; change: number }[]>`
    select time_zone, change_seq::float8 as change from api.users where id = ${userId}`;
  const [user] = found;
  if (!user || found.length > 1) throw new Error("The caller of a guarded route has one row.");
  const day = dayIn(now, user.time_zone);
  const [start, end] = [startOfDay(day, user.time_zone), startOfDay(day + 1, user.time_zone)];
  const [counts] = await sql<Row[]>`
    select
      count(*) filter (where completed_at is null)::int as open,
      count(*) filter (where completed_at is null and due_at is null)::int as inbox,
      count(*) filter (where completed_at is null and overdue_at <= ${now}::timestamptz)::int as overdue,
      count(*) filter (where completed_at is null and overdue_at > ${now}::timestamptz and due_at < ${end}::timestamptz)::int as today,
      count(*) filter (where completed_at is null and due_at >= ${end}::timestamptz)::int as upcoming,
      count(*) filter (where completed_at >= ${start}::timestamptz and completed_at < ${end}::timestamptz)::int as done_today
    from api.tasks
    where user_id = ${userId} and deleted_at is null
      and (completed_at is null or completed_at >= ${start}::timestamptz)`;
  const tags = await sql<TaskCounts["tags"][number][]>`
    select g.id, g.name, g.color, used.open
    from (
      select tag_id, count(*)::int as open from api.tasks t cross join unnest(t.tag_ids) as tag_id
      where t.user_id = ${userId} and t.deleted_at is null and t.completed_at is null
      group by tag_id
    ) used
    join api.tags g on g.user_id = ${userId} and g.id = used.tag_id
    order by used.open desc, g.name_key collate "C"
    limit 200`;
  if (!counts) throw new Error("An aggregate has one row.");
  return { ...counts, tags: [...tags], change: user.change };
}
