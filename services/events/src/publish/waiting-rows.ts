import type { Sql } from "@carillon/kit/database";

/** The statements that count what waits in the outbox, and forget what went out long ago. */
export function waitingRows(sql: Sql, schema: string) {
  const outbox = sql(`${schema}.outbox`);
  return {
    /** How many rows of these slots wait, counted up to `most`, and the age of the oldest in milliseconds. */
    async waiting(slots: readonly number[], most: number): Promise<{ rows: number; oldestMs: number }> {
      const mine = sql`unnest(string_to_array(${slots.join()}::text, ',')::int2[]) as mine(number)`;
      const [row] = await sql<{ rows: number; oldestMs: number }[]>`
        select count.rows, coalesce(extract(epoch from clock_timestamp() - first.created_at) * 1000, 0)::float8 as "oldestMs"
        from (
          select count(*)::int4 as rows from (
            select from ${outbox} where published_at is null and parked_at is null and slot in (select mine.number from ${mine}) limit ${most}
          ) as waiting
        ) as count
        cross join (
          select min(oldest.created_at) as created_at from ${mine} cross join lateral (
            select created_at from ${outbox} where published_at is null and parked_at is null and slot = mine.number order by id limit 1
          ) as oldest
        ) as first`;
      return row ?? { rows: 0, oldestMs: 0 };
    },

    /** Forgets at most `limit` rows published before `before`; how many they were. Every replica may do this at any time. */
    async sweep(before: Date, limit: number): Promise<number> {
      const instant = before.toISOString();
      const done = await sql`
        delete from ${outbox} as row using (
          select user_id, change_seq from ${outbox}
          where created_at < ${instant}::text::timestamptz and published_at < ${instant}::text::timestamptz
          limit ${limit} for update skip locked
        ) as old
        where row.user_id = old.user_id and row.change_seq = old.change_seq`;
      return done.count;
    },
  };
}
