import { contextOf, hasAppToken, Problem } from "@carillon/kit/service";
import type { ApiDeps } from "../deps.ts";
import { clientOf } from "./client-address.ts";

/** Passwords are tried at a fifth of the ordinary rate; a private proxy may bring that of ten clients. */
const passwordShare = 5;
const clientsPerProxy = 10;

/** Counts one request of a user; what our own web asks for on the user's behalf is web's to limit. */
export async function countRequest(deps: ApiDeps, request: Request, userId: string): Promise<void> {
  if (hasAppToken(deps.settings.appToken, request)) return;
  await take(deps, `user ${userId}`, deps.settings.ratePerMinute);
}

/** Counts one sign-up or sign-in of whoever stands at the door, web's visitors one by one. */
export async function countStranger(deps: ApiDeps, request: Request): Promise<void> {
  const { address, proxy } = clientOf({
    peer: contextOf(request).peer(),
    forwarded: request.headers.get("x-forwarded-for"),
    isNeighbour: hasAppToken(deps.settings.appToken, request),
  });
  const perMinute = passwordTries(deps);
  if (proxy !== null) await take(deps, `proxy ${proxy}`, perMinute * clientsPerProxy);
  await take(deps, `client ${address}`, perMinute);
}

/** Counts one proof of a user's password by somebody who is signed in: a stolen session must not be a place to guess at will. */
export const countPasswordProof = async (deps: ApiDeps, userId: string): Promise<void> =>
  take(deps, `password ${userId}`, passwordTries(deps));

const passwordTries = ({ settings }: ApiDeps): number => Math.ceil(settings.ratePerMinute / passwordShare);

/**
 * Takes one of `perMinute` requests of `key`; 0 counts nothing. A whole minute's amount may come at once, then it refills evenly
 * (GCRA, ITU-T I.371). The bucket is one row and one statement: any number of replicas count together.
 *
 * @throws Problem 429 with `Retry-After` in whole seconds.
 */
async function take({ sql, clock }: ApiDeps, key: string, perMinute: number): Promise<void> {
  if (perMinute === 0) return;
  const now = clock.now();
  // In whole microseconds, PostgreSQL's own grain, and rounded down: `perMinute` steps never add up to more than the minute.
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

const tooMany = (seconds: number): Problem =>
  new Problem("too_many_requests", `That is too much at once. It goes on in ${seconds} s.`, {
    headers: { "retry-after": String(seconds) },
  });
