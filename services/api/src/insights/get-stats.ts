import { createHash, timingSafeEqual } from "node:crypto";
import { Stats } from "@carillon/contracts/http/stats";
import { answer, describe, requireNoQuery, toResponse } from "@carillon/kit/http";
import { notFound, Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import type { ApiDeps } from "../deps.ts";

/** The tables are read whole for an answer, which is therefore shared for this long. */
const maxAgeMs = 60_000;

export function getStatsRoute(deps: ApiDeps) {
  const shared = sharedFor(maxAgeMs, async () => getStats(deps));
  return new Elysia().get(
    "/api/stats",
    async ({ request }) => {
      requireOperator(request, deps.settings.statsToken ?? null);
      requireNoQuery(request);
      return toResponse(answer(200, await shared(deps.clock.now())));
    },
    {
      parse: "none",
      detail: describe({
        summary: "For the operator: the product in numbers, without personal data",
        description:
          "With STATS_TOKEN as the bearer token; 404 where that is not set. Counts of all accounts together, at most a minute old.",
        tag: "Insights",
        answers: { 200: Stats },
        errors: [401, 404],
        auth: false,
      }),
    },
  );
}

/** @throws Problem 404 without a token to check by, 401 for another one. */
function requireOperator(request: Request, token: string | null): void {
  if (token === null) throw notFound();
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  const given = request.headers.get("authorization") ?? "";
  if (timingSafeEqual(digest(given), digest(`Bearer ${token}`))) return;
  throw new Problem("unauthenticated", "This takes the operator's token, STATS_TOKEN.", {
    headers: { "www-authenticate": "Bearer" },
  });
}

/** The result of `make`, made again when it is older than this; a failure is not kept. */
function sharedFor<Result>(ageMs: number, make: () => Promise<Result>): (now: Date) => Promise<Result> {
  let last: { atMs: number; result: Result } | null = null;
  return async (now) => {
    if (last === null || now.getTime() - last.atMs >= ageMs) last = { atMs: now.getTime(), result: await make() };
    return last.result;
  };
}

type Row = Stats["accounts"] & Pick<Stats, "live_tasks" | "tags"> & { events: Stats["events_day"] };

async function getStats({ sql, clock }: ApiDeps): Promise<Stats> {
  const now = clock.now();
  const before = (days: number): Date => new Date(now.getTime() - days * 86_400_000);
  const [row] = await sql<[Row]>`
    with used as (
      select user_id, max(last_used_at) as at from (
        select user_id, last_used_at from api.sessions
        union all select user_id, last_used_at from api.tokens where last_used_at is not null) as every_use
      group by user_id
    )
    select
      count(*)::int4 as total,
      count(email_verified_at)::int4 as verified,
      coalesce(sum(live_tasks), 0)::float8 as live_tasks,
      coalesce(sum(tag_count), 0)::float8 as tags,
      (select count(*) from used where at > ${before(1)})::int4 as active_day,
      (select count(*) from used where at > ${before(7)})::int4 as active_week,
      (select count(*) from used where at > ${before(30)})::int4 as active_month,
      (select coalesce(jsonb_object_agg(type, count), '{}') from (
        select type, count(*) from api.outbox where created_at > ${before(1)} group by type) as by_type) as events
    from api.users`;
  const { live_tasks, tags, events, ...accounts } = row;
  return { at: now.toISOString(), accounts, live_tasks, tags, events_day: events };
}
