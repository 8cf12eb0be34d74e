import type { FailureNote } from "@carillon/kit/consume";
import type { Sql } from "@carillon/kit/database";
import type { State } from "@carillon/kit/ports";
import { slotOf } from "@carillon/kit/publish";
import { type DeadLetter, type LetterBox, noteKeyOf } from "./letter-box.ts";

type Row = Omit<DeadLetter, "note">;

/**
 * Dead letters of the embedded bus, in its tables. A replayed letter goes back on the bus for the one consumer that parked it, behind
 * everything that waits for the same user; when it fails again it comes back as a new letter.
 */
export function embeddedLetterBox({ bus, state }: { bus: Sql; state: State }): LetterBox {
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
    replay: async (letter) => ((await putBack(bus, letter)) ? { kind: "replayed" } : { kind: "settled" }),
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

/** False when somebody else was quicker. One statement: the letter is marked and its copy on its way, or neither. */
async function putBack(sql: Sql, { id, key }: Pick<DeadLetter, "id" | "key">): Promise<boolean> {
  const rows = await sql`
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
    select pg_notify('bus', topic) from message`;
  return rows.length > 0;
}

async function readNote(state: State, row: Row): Promise<FailureNote | null> {
  const key = noteKeyOf(row);
  return key === null ? null : ((await state.get<FailureNote>(key))?.value ?? null);
}
