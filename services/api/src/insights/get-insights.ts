import { parseInstant } from "@carillon/calendar/zone";
import { type Insights, InsightsQuery, Insights as InsightsSchema } from "@carillon/contracts/http/insights";
import { answer, describe, readQuery, toResponse } from "@carillon/kit/http";
import { invalid } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { callerOf } from "../auth/caller.ts";
import type { ApiDeps } from "../deps.ts";
import { byDay, byWeek, streakOf } from "./count-days.ts";

export const getInsightsRoute = (deps: ApiDeps) =>
  new Elysia().get(
    "/api/insights",
    async ({ request }) => {
      const { userId, timeZone, habits } = callerOf(request);
      const asker = { userId, timeZone, weekStart: habits.weekStart };
      return toResponse(answer(200, await getInsights(deps, asker, readQuery(request, InsightsQuery))));
    },
    {
      parse: "none",
      detail: describe({
        summary: "What you have done, and how much of it on time",
        tag: "Insights",
        query: InsightsQuery,
        answers: { 200: InsightsSchema },
      }),
    },
  );

const usualDays = 30;
const maxDays = 366;
const dayMs = 86_400_000;

/** Every offset of a zone is a multiple of this: completions of one quarter fall on one day. */
const quarterSeconds = 900;

type Row = {
  quarters: { at: number; count: number }[];
  tags: Insights["by_tag"];
  priorities: number[];
  on_time: number;
  late: number;
  open: number;
  overdue: number;
};

/** What the user completed in the stretch. @throws Problem 422 for a stretch that ends before it begins, or is longer than a year. */
export async function getInsights(
  { sql, clock }: ApiDeps,
  { userId, timeZone, weekStart }: { userId: string; timeZone: string; weekStart: number },
  query: InsightsQuery,
): Promise<Insights> {
  const now = clock.now();
  const { from, to } = stretchOf(query, now);
  const [row] = await sql<[Row]>`
    with done as (
      select completed_at, priority, tag_ids, overdue_at from api.tasks
      where user_id = ${userId} and completed_at >= ${from} and completed_at < ${to} and deleted_at is null
    )
    select
      (select coalesce(jsonb_agg(q order by q.at), '[]') from (
        select (floor(extract(epoch from completed_at) / ${quarterSeconds}) * ${quarterSeconds})::float8 as at, count(*)::int4 as count
        from done group by 1) q) as quarters,
      (select coalesce(jsonb_agg(t order by t.count desc, t.name), '[]') from (
        select g.name, g.color, count(*)::int4 as count from done, unnest(done.tag_ids) as worn (id)
        join api.tags g on g.user_id = ${userId} and g.id = worn.id
        group by g.name, g.color order by count desc, g.name limit 50) t) as tags,
      array(select (select count(*) from done where priority = p)::int4 from generate_series(0, 3) p) as priorities,
      (select count(*)::int4 from done where completed_at <= overdue_at) as on_time,
      (select count(*)::int4 from done where completed_at > overdue_at) as late,
      count(*)::int4 as open,
      (count(*) filter (where overdue_at <= ${now}))::int4 as overdue
    from api.tasks where user_id = ${userId} and completed_at is null and deleted_at is null`;
  const days = byDay(row.quarters, timeZone);
  const [low = 0, medium = 0, high = 0, urgent = 0] = row.priorities;
  const { on_time, late, open, overdue } = row;
  const dated = on_time + late;
  return {
    completed_by_day: days,
    completed_by_week: byWeek(days, weekStart),
    streak: streakOf(days, { now, timeZone }),
    on_time: { on_time, late, ratio: dated === 0 ? null : on_time / dated },
    by_tag: row.tags,
    by_priority: { low, medium, high, urgent },
    open,
    overdue,
  };
}

function stretchOf(query: InsightsQuery, now: Date): { from: Date; to: Date } {
  const to = (query.to === undefined ? null : parseInstant(query.to)) ?? new Date(now.getTime() + 1);
  const from =
    (query.from === undefined ? null : parseInstant(query.from)) ?? new Date(to.getTime() - usualDays * dayMs);
  if (to < from) throw invalid({ pointer: "to", detail: "is earlier than from" });
  if (to.getTime() - from.getTime() > maxDays * dayMs)
    throw invalid({ pointer: "to", detail: `is more than ${maxDays} days after from; ask for less at once` });
  return { from, to };
}
