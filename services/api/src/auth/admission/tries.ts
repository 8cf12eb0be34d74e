import type { ApiDeps } from "../../deps.ts";

/**
 * Tries that cost no waiting; after each further one the next has to wait twice as long, up to a
 * minute.
 */
const freeTries = 5;
const maxWaitSeconds = 60;

/** Without a try for this long the count starts again: slower than trying once a minute. */
const forgottenMinutes = 15;

type Key = { sql: ApiDeps["sql"]; now: Date; key: string };

/**
 * Null when one try of a password was taken for `key`, else the seconds until the next may be
 * taken. It counts before the password is judged: of any number of simultaneous tries, on any
 * number of replicas, only the free ones are judged.
 */
export async function takeTry({ sql, now, key }: Key): Promise<number | null> {
  const answers = await sql<{ wait: number | null }[]>`
    with taken as (
      insert into api.password_tries as known (key, tries, next_at, forgotten_at)
      values (${key}, 1, ${now}, ${now}::timestamptz + make_interval(mins => ${forgottenMinutes}))
      on conflict (key) do update set (tries, next_at, forgotten_at) = (
        select counted.tries, ${now}::timestamptz + make_interval(secs => ${waitAfter(sql)}), excluded.forgotten_at
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
  // No row at all: it was made by another try in this very moment.
  return Math.max(1, Math.ceil(answer?.wait ?? 1));
}

const waitAfter = (sql: ApiDeps["sql"]) => sql`
  case when counted.tries < ${freeTries} then 0
    else least(${maxWaitSeconds}, power(2, least(counted.tries - ${freeTries}, 10))) end`;

/**
 * Gives back a try whose password was right. What other clients tried for this key stays counted.
 */
export async function giveBackTry({ sql, now, key }: Key): Promise<void> {
  await sql`
    update api.password_tries set tries = greatest(tries - 1, 0), next_at = least(next_at, ${now}::timestamptz)
    where key = ${key}`;
}

/** Forgets the tries of a client that has its bucket to itself and then knew the password. */
export async function clearTries({ sql, key }: Omit<Key, "now">): Promise<void> {
  await sql`delete from api.password_tries where key = ${key}`;
}
