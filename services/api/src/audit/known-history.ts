import { eventTypes, isHistory } from "@carillon/contracts/catalog";
import { maxComparedIds } from "@carillon/contracts/http/audit";
import type { Db, Sql } from "@carillon/kit/database";

/** The user's events that belong to the history, as of one instant. */
export type Known = {
  /** How many there have been; null when they were not counted from the start. */
  events: number | null;
  /** Ids of events that had enough time to become entries, oldest first. */
  settled: string[];
  /** Ids of events that may be on their way. */
  waiting: string[];
  /** From this instant on the ids are complete. */
  since: string;
};

/** A published event becomes an entry within two seconds; until this limit it may still be on its way. */
const allowance = "60 seconds";

/** Younger outbox rows certainly exist: they are deleted after 7 days, by clocks that need not agree to the hour. */
const surelyKept = "6 days";

type Row = { events: number | null; rows: { id: string; is_settled: boolean; at: string }[]; kept_since: Date };

/** The user's events in the outbox, the newest when there are too many; null when there is no such user. */
export async function knownHistory(sql: Db, userId: string): Promise<Known | null> {
  const [row] = await sql<Row[]>`
    select u.history_events::float8 as events, now() - ${surelyKept}::interval as kept_since,
      (select coalesce(jsonb_agg(jsonb_build_object('id', o.event_id, 'is_settled', is_settled, 'at', at) order by change_seq), '[]') from (
        select event_id, change_seq, event -> 'data' ->> 'timestamp' as at,
          (published_at is not null or parked_at is not null) and created_at < now() - ${allowance}::interval as is_settled
        from api.outbox where user_id = u.id and type = any(${historyTypes})
        order by change_seq desc limit ${maxComparedIds}
      ) o) as rows
    from api.users u where u.id = ${userId}`;
  if (!row) return null;
  const { events, rows, kept_since } = row;
  const ids = (isSettled: boolean) => rows.flatMap(({ id, is_settled }) => (is_settled === isSettled ? id : []));
  const oldest = rows.length < maxComparedIds ? kept_since.toISOString() : (rows[0]?.at ?? kept_since.toISOString());
  return { events, settled: ids(true), waiting: ids(false), since: oldest };
}

/** Of these ids, those that match no event of the user. */
export async function unknownAmong(sql: Sql, userId: string, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await sql<{ id: string }[]>`
    select id from unnest(${[...ids]}::uuid[]) with ordinality as given (id, place)
    where not exists (select from api.outbox where user_id = ${userId} and event_id = given.id) order by place`;
  return rows.map(({ id }) => id);
}

/** How many of the user's events belong to the history by now; null when they were never counted. */
export async function countHistory(sql: Sql, userId: string): Promise<number | null> {
  const [row] = await sql<{ events: number | null }[]>`
    select history_events::float8 as events from api.users where id = ${userId}`;
  return row?.events ?? null;
}

const historyTypes = eventTypes.filter(isHistory);
