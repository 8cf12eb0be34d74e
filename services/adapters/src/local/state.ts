import type { Sql } from "@carillon/kit/database";
import type { Clock, State } from "@carillon/kit/ports";

export type LocalState = State & {
  /** Removes expired entries; returns their number. Expired entries are invisible before that too. */
  sweep(): Promise<number>;
};

/** State in the table `state.entry`. */
export function localState({ sql, clock }: { sql: Sql; clock: Clock }): LocalState {
  const now = () => clock.now().toISOString();

  return {
    async get<Value>(key: string) {
      const [row] = await sql<{ value: string; etag: string }[]>`
        select value::text as value, etag::text as etag from state.entry
        where key = ${key} and (expires_at is null or expires_at > ${now()}::text::timestamptz)`;
      // What was set under this key has the caller's type: the port's own promise.
      return row ? { value: JSON.parse(row.value) as Value, etag: row.etag } : null;
    },

    async set(key, value, { etag, ttlSeconds } = {}) {
      const expiresAt =
        ttlSeconds === undefined ? null : new Date(clock.now().getTime() + ttlSeconds * 1_000).toISOString();
      const text = JSON.stringify(value);
      if (etag !== undefined) {
        const changed = await sql`
          update state.entry
          set value = ${text}::text::jsonb, etag = gen_random_uuid(), expires_at = ${expiresAt}::text::timestamptz
          where key = ${key} and etag::text = ${etag}
            and (expires_at is null or expires_at > ${now()}::text::timestamptz)`;
        return changed.count === 1;
      }
      await sql`
        insert into state.entry (key, value, expires_at)
        values (${key}, ${text}::text::jsonb, ${expiresAt}::text::timestamptz)
        on conflict (key) do update
        set value = excluded.value, etag = gen_random_uuid(), expires_at = excluded.expires_at`;
      return true;
    },

    async delete(key) {
      await sql`delete from state.entry where key = ${key}`;
    },

    async sweep() {
      const swept = await sql`delete from state.entry where expires_at <= ${now()}::text::timestamptz`;
      return swept.count;
    },
  };
}
