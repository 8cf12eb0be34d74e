import type { Sql } from "@carillon/kit/database";
import type { OutboxRow, ParkedRow } from "./outbox-row.ts";

/** The statements about outbox rows that this or another release cannot publish. */
export function parkedRows(sql: Sql, schema: string) {
  const outbox = sql(`${schema}.outbox`);
  return {
    /** Parks rows until an operator, or a release that can read them, decides. Nothing behind them waits. */
    async park(parked: readonly ParkedRow[]): Promise<void> {
      const rows = parked.map(({ row, reason }) => ({ user_id: row.userId, change_seq: row.changeSeq, reason }));
      await sql`
        update ${outbox} as row set parked_at = clock_timestamp(), parked_reason = parked.reason
        from json_to_recordset(${JSON.stringify(rows)}::text::json) as parked (user_id uuid, change_seq int8, reason text)
        where row.user_id = parked.user_id and row.change_seq = parked.change_seq and row.published_at is null`;
    },

    /** Parked rows of these slots that were unknown to the release which parked them, oldest first. */
    async parkedAsUnknown(slots: readonly number[], limit: number): Promise<OutboxRow[]> {
      return sql<OutboxRow[]>`
        select user_id::text as "userId", change_seq::text as "changeSeq", slot, event::text as event, 0::float8 as "ageMs"
        from ${outbox}
        where parked_at is not null and published_at is null and parked_reason like 'unknown %'
          and slot in (select unnest(string_to_array(${slots.join()}::text, ',')::int2[]))
        order by id limit ${limit}`;
    },

    /** Releases parked rows to the bus. */
    async release(rows: readonly Pick<OutboxRow, "userId" | "changeSeq">[]): Promise<void> {
      const released = rows.map(({ userId, changeSeq }) => ({ user_id: userId, change_seq: changeSeq }));
      await sql`
        update ${outbox} as row set parked_at = null
        from json_to_recordset(${JSON.stringify(released)}::text::json) as released (user_id uuid, change_seq int8)
        where row.user_id = released.user_id and row.change_seq = released.change_seq and row.published_at is null`;
    },
  };
}
