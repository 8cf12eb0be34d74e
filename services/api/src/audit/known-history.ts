import { eventTypes, isHistory } from "@carillon/contracts/catalog";
import { maxComparedIds } from "@carillon/contracts/http/audit";
import type { Db, Sql } from "@carillon/kit/database";

/** What api knows of a user's events that belong to the history, at one instant. */
export type Known = {
  /** How many there have been; null when nothing counted them from the beginning. */
  events: number | null;
  /** Ids of events that had time enough to become entries, oldest first. */
  settled: string[];
  /** Ids of events that may be on their way. */
  waiting: string[];
  /** From this instant on the ids are all there are. */
  since: string;
};

/** An event that the bus has taken is an entry in two seconds; for so long it may still be on its way. */
const allowance = "60 seconds";

/** Outbox rows younger than this are there for sure: they are swept after 7 days, by clocks that need not agree to the hour. */
const surelyKept = "6 days";

type Row = { events: number | null; rows: { id: string; is_settled: boolean; at: string }[]; kept_since: Date };

/** The user's events as the outbox has them, the newest when they are too many; null when there is no such user. */
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

/** Of these events, the ids that are no event of the user's. */
export async function unknownAmong(sql: Sql, userId: string, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await sql<{ id: string }[]>`
    select id from unnest(${[...ids]}::uuid[]) with ordinality as given (id, place)
    where not exists (select from api.outbox where user_id = ${userId} and event_id = given.id) order by place`;
  return rows.map(({ id }) => id);
}

/** How many events of the user belong to the history by now; null when nothing counted them. */
export async function countHistory(sql: Sql, userId: string): Promise<number | null> {
  const [row] = await sql<{ events: number | null }[]>`
    select history_events::float8 as events from api.users where id = ${userId}`;
  return row?.events ?? null;
}

const historyTypes = eventTypes.filter(isHistory);
