import type { ApiDeps } from "../../deps.ts";

/** Attempts without a delay; after each further one the pause doubles. */
const freeTries = 5;

/** The longest pause, and after how long without an attempt the count restarts: slower than an attempt after each pause. */
export type Pace = { maxWaitSeconds: number; forgottenMinutes: number };

export const quickPace: Pace = { maxWaitSeconds: 60, forgottenMinutes: 15 };

/** A code has a million values, three of which are right: a hundred tries a day find one in ten years. */
export const patientPace: Pace = { maxWaitSeconds: 900, forgottenMinutes: 1_440 };

type Key = { sql: ApiDeps["sql"]; now: Date; key: string };

/**
 * Null when an attempt for `key` was taken, else the seconds until the next may be taken. It counts
 * before the password is checked: of any number of simultaneous attempts, on any number of
 * replicas, only the free ones are checked.
 */
export async function takeTry({ sql, now, key }: Key, pace: Pace): Promise<number | null> {
  const { maxWaitSeconds, forgottenMinutes } = pace;
  const answers = await sql<{ wait: number | null }[]>`
    with taken as (
      insert into api.password_tries as known (key, tries, next_at, forgotten_at)
      values (${key}, 1, ${now}, ${now}::timestamptz + make_interval(mins => ${forgottenMinutes}))
      on conflict (key) do update set (tries, next_at, forgotten_at) = (
        select counted.tries, ${now}::timestamptz + make_interval(secs => ${waitAfter(sql, maxWaitSeconds)}), excluded.forgotten_at
        from (select case when known.forgotten_at <= ${now} then 1 else known.tries + 1 end as tries) as counted
      )
      where known.next_at <= ${now}
      returning key
    )
    select null::float8 as wait from taken
    union all
    select extract(epoch from next_at - ${now}::timestamptz)::float8 as wait from api.password_tries
    where key = ${key} and not exists (select from taken)`;
  const [answer] = answers;
  if (answer?.wait === null) return null;
  // No row at all: another attempt created it at this very moment.
  return Math.max(1, Math.ceil(answer?.wait ?? 1));
}

const waitAfter = (sql: ApiDeps["sql"], maxWaitSeconds: number) => sql`
  case when counted.tries < ${freeTries} then 0
    else least(${maxWaitSeconds}, power(2, least(counted.tries - ${freeTries}, 10))) end`;

/**
 * Gives back an attempt whose password was right. Other clients' attempts for this key stay counted.
 */
export async function giveBackTry({ sql, now, key }: Key): Promise<void> {
  await sql`
    update api.password_tries set tries = greatest(tries - 1, 0), next_at = least(next_at, ${now}::timestamptz)
    where key = ${key}`;
}

/** Clears the attempts of a client that has its own bucket and then knew the password. */
export async function clearTries({ sql, key }: Omit<Key, "now">): Promise<void> {
  await sql`delete from api.password_tries where key = ${key}`;
}
