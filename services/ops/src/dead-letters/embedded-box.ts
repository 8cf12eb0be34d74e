import type { FailureNote } from "@carillon/events/consume";
import { slotOf } from "@carillon/events/publish";
import type { Sql } from "@carillon/kit/database";
import type { State } from "@carillon/kit/ports";
import { type DeadLetter, type LetterBox, noteKeyOf, type Replay } from "./letter-box.ts";
import { untilDecided } from "./until-decided.ts";

type Row = Omit<DeadLetter, "note">;

export type EmbeddedLetterDeps = {
  bus: Sql;
  state: State;
  /** How long a replay waits for news of each delivery. */
  patienceMs?: number;
};

/** A consumer tries an event for up to 25 s before it parks it again. */
const usualPatienceMs = 30_000;

/**
 * Dead letters of the embedded bus, in its tables. A replayed one goes back on the bus for the one
 * consumer that parked it, behind everything that waits for the same user; when it fails again it
 * comes back as a new dead letter.
 */
export function embeddedLetterBox(deps: EmbeddedLetterDeps): LetterBox {
  const { bus, state, patienceMs = usualPatienceMs } = deps;
  const withNotes = (rows: readonly Row[]): Promise<DeadLetter[]> =>
    Promise.all(rows.map(async (row) => ({ ...row, note: await readNote(state, row) })));

  return {
    async list({ limit, all }) {
      const wanted = all ? bus`true` : bus`replayed_at is null`;
      const [row] = await bus<{ count: number }[]>`select count(*)::int as count from bus.dead_letter where ${wanted}`;
      const rows = await bus<Row[]>`
        select ${columns(bus)} from bus.dead_letter where ${wanted} order by dead_letter.id limit ${limit}`;
      return { count: row?.count ?? 0, complete: true, letters: await withNotes(rows) };
    },
    find: async (id) =>
      withNotes(
        await bus<Row[]>`
          select ${columns(bus)} from bus.dead_letter where id::text = ${id} or event_id = ${id} order by dead_letter.id`,
      ),
    obstacle: () => null,
    replay: (letters) => replay(bus, letters, patienceMs),
    async drop(letter) {
      await bus`delete from bus.dead_letter where id::text = ${letter.id}`;
      const key = noteKeyOf(letter);
      if (key !== null) await state.delete(key);
    },
  };
}

const columns = (sql: Sql) => sql`
  id::text as id, topic, subscriber, key::text as key, event_id, event, reason, attempts,
  to_char(parked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as parked_at,
  case when replayed_at is not null then 'replayed' end as settled`;

async function replay(sql: Sql, letters: readonly DeadLetter[], patienceMs: number): Promise<Map<string, Replay>> {
  const outcomes = new Map<string, Replay>();
  const copies = new Map<string, string>();
  for (const letter of letters) {
    const copy = await putBack(sql, letter);
    if (copy === null) outcomes.set(letter.id, { kind: "settled" });
    else copies.set(letter.id, copy);
  }
  const decided = await untilDecided([...copies.keys()], patienceMs, (ids) => outcomesOf(sql, ids, copies));
  return new Map([...outcomes, ...decided]);
}

/** The results of replayed dead letters: delivered, or back as a new one. */
async function outcomesOf(
  sql: Sql,
  ids: readonly string[],
  copies: ReadonlyMap<string, string>,
): Promise<Map<string, Replay>> {
  const pairs = ids.map((id) => ({ id, copy: copies.get(id) }));
  const rows = await sql<{ id: string; reason: string | null }[]>`
    select letter.id::text as id, again.reason
    from json_to_recordset(${JSON.stringify(pairs)}::text::json) as replayed (id int8, copy int8)
    join bus.dead_letter as letter on letter.id = replayed.id
    left join lateral (
      select reason from bus.dead_letter as newer
      where newer.event_id = letter.event_id and newer.subscriber = letter.subscriber and newer.id > letter.id
      order by newer.id limit 1
    ) as again on true
    where not exists (
      select from bus.delivery where delivery.subscriber = letter.subscriber and delivery.message_id = replayed.copy
    )`;
  return new Map(
    rows.map(({ id, reason }) => [
      id,
      reason === null ? { kind: "replayed" } : { kind: "failed", reason: `it is parked again (${reason})` },
    ]),
  );
}

/**
 * The number of the message that carries the event again, or null when another operator was quicker.
 * One statement: the dead letter is marked and its copy queued, or neither.
 */
async function putBack(sql: Sql, { id, key }: Pick<DeadLetter, "id" | "key">): Promise<string | null> {
  const [row] = await sql<{ copy: string }[]>`
    with letter as (
      update bus.dead_letter set replayed_at = clock_timestamp() where id::text = ${id} and replayed_at is null
      returning original_topic, subscriber, key, event_id, event
    ), message as (
      insert into bus.message (topic, key, slot, event_id, event)
      select original_topic, key, ${slotOf(key ?? "")}, event_id, event from letter
      returning id, topic, key, slot
    ), delivery as (
      insert into bus.delivery (subscriber, slot, message_id, key)
      select letter.subscriber, message.slot, message.id, message.key from letter, message
    )
    select pg_notify('bus', topic), id::text as copy from message`;
  return row?.copy ?? null;
}

async function readNote(state: State, row: Row): Promise<FailureNote | null> {
  const key = noteKeyOf(row);
  return key === null ? null : ((await state.get<FailureNote>(key))?.value ?? null);
}
