import type { Sql } from "@carillon/kit/database";

/** One unpublished outbox row. `ageMs` is its age when it was read. */
export type OutboxRow = { userId: string; changeSeq: string; slot: number; event: string; ageMs: number };

/** A row that cannot be published, and why. */
export type ParkedRow = { row: Pick<OutboxRow, "userId" | "changeSeq">; reason: string };

/** A batch ends with the row that passes this size, as stored: large events must not fill the memory. */
const mostBytes = 2_000_000;

/** The relay's statements on `<schema>.outbox`. */
export function relayStore(sql: Sql, schema: string) {
  const outbox = sql(`${schema}.outbox`);
  return {
    /** Unpublished rows, slot by slot in the given order, oldest first within a slot; none of the users in `without`. */
    async unpublished(slots: readonly number[], without: readonly string[], limit: number): Promise<OutboxRow[]> {
      return sql<OutboxRow[]>`
        select user_id::text as "userId", change_seq::text as "changeSeq", slot, event::text as event,
          (extract(epoch from clock_timestamp() - created_at) * 1000)::float8 as "ageMs"
        from (
          select *, sum(pg_column_size(event)) over (rows unbounded preceding) - pg_column_size(event) as bytes_before
          from (
            select row.* from unnest(string_to_array(${slots.join()}::text, ',')::int2[]) as mine(number)
            cross join lateral (
              select * from ${outbox}
              where published_at is null and parked_at is null and slot = mine.number
                and user_id not in (select unnest(string_to_array(${without.join()}::text, ',')::uuid[]))
              order by id limit ${limit}
            ) as row
            limit ${limit}
          ) as rows
        ) as batch
        where bytes_before < ${mostBytes}`;
    },

    /** Marks what the broker has taken. */
    async mark(rows: readonly OutboxRow[], at: Date): Promise<void> {
      await sql`
        update ${outbox} as row set published_at = ${at.toISOString()}::text::timestamptz
        from unnest(
          string_to_array(${rows.map((row) => row.userId).join()}::text, ',')::uuid[],
          string_to_array(${rows.map((row) => row.changeSeq).join()}::text, ',')::int8[]
        ) as taken(user_id, change_seq)
        where row.user_id = taken.user_id and row.change_seq = taken.change_seq and row.published_at is null`;
    },

    /** Puts rows aside until an operator, or a release that can read them, decides. Nothing behind them waits. */
    async park(parked: readonly ParkedRow[]): Promise<void> {
      const rows = parked.map(({ row, reason }) => ({ user_id: row.userId, change_seq: row.changeSeq, reason }));
      await sql`
        update ${outbox} as row set parked_at = clock_timestamp(), parked_reason = parked.reason
        from json_to_recordset(${JSON.stringify(rows)}::text::json) as parked (user_id uuid, change_seq int8, reason text)
        where row.user_id = parked.user_id and row.change_seq = parked.change_seq and row.published_at is null`;
    },

    /** Parked rows of these slots that the release which parked them did not know, oldest first. */
    async parkedAsUnknown(slots: readonly number[], limit: number): Promise<OutboxRow[]> {
      return sql<OutboxRow[]>`
        select user_id::text as "userId", change_seq::text as "changeSeq", slot, event::text as event, 0::float8 as "ageMs"
        from ${outbox}
        where parked_at is not null and published_at is null and parked_reason like 'unknown %'
          and slot in (select unnest(string_to_array(${slots.join()}::text, ',')::int2[]))
        order by id limit ${limit}`;
    },

    /** Lets parked rows go on to the bus. */
    async release(rows: readonly Pick<OutboxRow, "userId" | "changeSeq">[]): Promise<void> {
      const released = rows.map(({ userId, changeSeq }) => ({ user_id: userId, change_seq: changeSeq }));
      await sql`
        update ${outbox} as row set parked_at = null
        from json_to_recordset(${JSON.stringify(released)}::text::json) as released (user_id uuid, change_seq int8)
        where row.user_id = released.user_id and row.change_seq = released.change_seq and row.published_at is null`;
    },

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

export type RelayStore = ReturnType<typeof relayStore>;
