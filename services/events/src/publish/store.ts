import type { Sql } from "@carillon/kit/database";
import type { OutboxRow } from "./outbox-row.ts";
import { parkedRows } from "./parked-rows.ts";
import { waitingRows } from "./waiting-rows.ts";

/** A batch ends with the row that passes this size, as stored: large events must not fill the memory. */
const mostBytes = 2_000_000;

/** The relay's statements on `<schema>.outbox`. */
export function relayStore(sql: Sql, schema: string) {
  const outbox = sql(`${schema}.outbox`);
  return {
    ...parkedRows(sql, schema),
    ...waitingRows(sql, schema),

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

    /** Marks rows taken by the broker. */
    async mark(rows: readonly OutboxRow[], at: Date): Promise<void> {
      await sql`
        update ${outbox} as row set published_at = ${at.toISOString()}::text::timestamptz
        from unnest(
          string_to_array(${rows.map((row) => row.userId).join()}::text, ',')::uuid[],
          string_to_array(${rows.map((row) => row.changeSeq).join()}::text, ',')::int8[]
        ) as taken(user_id, change_seq)
        where row.user_id = taken.user_id and row.change_seq = taken.change_seq and row.published_at is null`;
    },
  };
}

export type RelayStore = ReturnType<typeof relayStore>;
