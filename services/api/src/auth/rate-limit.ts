import { callerOf, Problem } from "@carillon/kit/service";
import type { ApiDeps } from "../deps.ts";

/**
 * Counts one request of a user; requests that our own web makes for the user are limited by web.
 */
export async function countRequest(deps: ApiDeps, request: Request, userId: string): Promise<void> {
  if (callerOf(request) !== null) return;
  await take(deps, `user ${userId}`, deps.settings.ratePerMinute);
}

/** Counts one reading of a calendar, whose programs do not sign in. */
export const countFeed = async (deps: ApiDeps, feedId: string): Promise<void> =>
  take(deps, `feed ${feedId}`, deps.settings.ratePerMinute);

/** Tests of channels that one user may ask for within a minute. */
const maxTestsPerMinute = 6;

/** Counts one test of a channel. */
export const countTest = async (deps: ApiDeps, userId: string): Promise<void> =>
  take(deps, `channel test ${userId}`, deps.settings.ratePerMinute > 0 ? maxTestsPerMinute : 0);

/**
 * Takes one of `perMinute` requests of `key`; 0 means no limit. A whole minute's amount may come at
 * once, then it refills evenly (GCRA, ITU-T I.371). The bucket is one row and one statement, shared
 * by any number of replicas.
 *
 * @throws Problem 429 with `Retry-After` in whole seconds.
 */
export async function take({ sql, clock }: ApiDeps, key: string, perMinute: number): Promise<void> {
  if (perMinute === 0) return;
  const now = clock.now();
  // In whole microseconds, PostgreSQL's own resolution, rounded down: `perMinute` steps never exceed
  // the minute.
  const step = Math.floor(60_000_000 / perMinute) / 1_000_000;
  const taken = await sql<{ wait: number | null }[]>`
    with taken as (
      insert into api.rate_limits as bucket (key, empty_at)
      values (${key}, ${now}::timestamptz + make_interval(secs => ${step}))
      on conflict (key) do update
        set empty_at = greatest(bucket.empty_at + make_interval(secs => ${step}), excluded.empty_at)
        where bucket.empty_at + make_interval(secs => ${step}) <= ${now}::timestamptz + interval '1 minute'
      returning key
    )
    select null::float8 as wait from taken
    union all
    select extract(epoch from empty_at - ${now}::timestamptz)::float8 + ${step - 60} from api.rate_limits
    where key = ${key} and not exists (select from taken)`;
  const [outcome] = taken;
  if (outcome?.wait === null) return;
  // No row at all: concurrent requests created and filled the bucket at this very moment.
  throw tooMany(Math.max(1, Math.ceil(outcome?.wait ?? 1)));
}

export const tooMany = (seconds: number): Problem =>
  new Problem("too_many_requests", `Too many requests. Try again in ${seconds} s.`, {
    headers: { "retry-after": String(seconds) },
  });
