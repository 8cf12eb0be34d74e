import type { Sql } from "@carillon/kit/database";
import type { State } from "@carillon/kit/ports";

export type LocalState = State & {
  /** Removes expired entries; returns their number. Expired entries are invisible before that too. */
  sweep(): Promise<number>;
};

/** State in the table `state.entry`, which expires by the database's clock. */
export function localState({ sql }: { sql: Sql }): LocalState {
  return {
    async get<Value>(key: string) {
      const [row] = await sql<{ value: string; etag: string }[]>`
        select value::text as value, etag::text as etag from state.entry
        where key = ${key} and (expires_at is null or expires_at > clock_timestamp())`;
      // What was set under this key has the caller's type: the port's own promise.
      return row ? { value: JSON.parse(row.value) as Value, etag: row.etag } : null;
    },

    async set(key, value, { etag, ttlSeconds } = {}) {
      const expiresAt = sql`clock_timestamp() + ${ttlSeconds ?? null}::float8 * interval '1 second'`;
      const text = JSON.stringify(value);
      if (etag !== undefined) {
        const changed = await sql`
          update state.entry
          set value = ${text}::text::jsonb, etag = gen_random_uuid(), expires_at = ${expiresAt}
          where key = ${key} and etag::text = ${etag}
            and (expires_at is null or expires_at > clock_timestamp())`;
        return changed.count === 1;
      }
      await sql`
        insert into state.entry (key, value, expires_at)
        values (${key}, ${text}::text::jsonb, ${expiresAt})
        on conflict (key) do update
        set value = excluded.value, etag = gen_random_uuid(), expires_at = excluded.expires_at`;
      return true;
    },

    async delete(key) {
      await sql`delete from state.entry where key = ${key}`;
    },

    async sweep() {
      const swept = await sql`delete from state.entry where expires_at <= clock_timestamp()`;
      return swept.count;
    },
  };
}
