import { callerOf, Problem } from "@carillon/kit/service";
import type { ApiDeps } from "../deps.ts";

/**
 * Counts one request of a user; what our own web asks for on the user's behalf is web's to limit.
 */
export async function countRequest(deps: ApiDeps, request: Request, userId: string): Promise<void> {
  if (callerOf(request) !== null) return;
  await take(deps, `user ${userId}`, deps.settings.ratePerMinute);
}

/**
 * Takes one of `perMinute` requests of `key`; 0 counts nothing. A whole minute's amount may come
 * at once, then it refills evenly (GCRA, ITU-T I.371). The bucket is one row and one statement: any
 * number of replicas count together.
 *
 * @throws Problem 429 with `Retry-After` in whole seconds.
 */
export async function take({ sql, clock }: ApiDeps, key: string, perMinute: number): Promise<void> {
  if (perMinute === 0) return;
  const now = clock.now();
  // In whole microseconds, PostgreSQL's own grain, and rounded down: `perMinute` steps never add up
  // to more than the minute.
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
  // No row at all: the bucket was made and filled by others in this very moment.
  throw tooMany(Math.max(1, Math.ceil(outcome?.wait ?? 1)));
}

export const tooMany = (seconds: number): Problem =>
  new Problem("too_many_requests", `Too many requests. Try again in ${seconds} s.`, {
    headers: { "retry-after": String(seconds) },
  });
