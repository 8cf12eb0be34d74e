import type { Sql } from "@carillon/kit/database";
import type { DeadLetter, LetterBox, Replay } from "./letter-box.ts";
import { untilDecided } from "./until-decided.ts";

/** The topic of events that never reached the bus. */
export const outboxTopic = "outbox";

type Row = {
  row_id: string;
  user_id: string;
  event_id: string;
  type: string;
  parked_at: string;
  reason: string;
  settled: DeadLetter["settled"];
};

/**
 * Rows of `api.outbox` that the relay could not read and parked, in both modes. An operator's decision
 * goes through two functions of the database, so that the operators' role can write nothing else;
 * the event itself stays hidden from it.
 */
export function parkedRows({ api, patienceMs = 15_000 }: { api: Sql; patienceMs?: number }): LetterBox {
  return {
    async list({ limit, all }) {
      const wanted = all ? api`true` : api`parked_at is not null and published_at is null`;
      const [row] = await api<{ count: number }[]>`
        select count(*)::int as count from api.outbox where parked_reason is not null and ${wanted}`;
      const rows = await api<Row[]>`
        select ${columns(api)} from api.outbox where parked_reason is not null and ${wanted} order by id limit ${limit}`;
      return { count: row?.count ?? 0, complete: true, letters: rows.map(letterOf) };
    },
    async find(id) {
      const rows = await api<Row[]>`
        select ${columns(api)} from api.outbox
        where parked_reason is not null and ('outbox:' || id = ${id} or event_id::text = ${id}) order by id`;
      return rows.map(letterOf);
    },
    obstacle: () => null,
    replay: (letters) => replay(api, letters, patienceMs),
    async drop(letter) {
      await api`select api.drop_parked(${rowIdOf(letter)}::int8)`;
    },
  };
}

const columns = (api: Sql) => api`
  id::text as row_id, user_id::text as user_id, event_id::text as event_id, type, parked_reason as reason,
  to_char(coalesce(parked_at, published_at, created_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as parked_at,
  case when published_at is null then null when parked_at is null then 'replayed' else 'dropped' end as settled`;

const letterOf = ({ row_id, user_id, type, ...row }: Row): DeadLetter => ({
  ...row,
  id: `${outboxTopic}:${row_id}`,
  topic: outboxTopic,
  subscriber: "api:outbox",
  key: user_id,
  attempts: 1,
  note: null,
  event: { type },
});

const rowIdOf = ({ id }: Pick<DeadLetter, "id">): string => id.slice(outboxTopic.length + 1);

/** Releases the rows, and watches the relay's result for each: on the bus, or parked again. */
async function replay(api: Sql, letters: readonly DeadLetter[], patienceMs: number): Promise<Map<string, Replay>> {
  const outcomes = new Map<string, Replay>();
  const released: string[] = [];
  for (const letter of letters) {
    const [row] = await api<{ done: boolean }[]>`select api.replay_parked(${rowIdOf(letter)}::int8) as done`;
    if (row?.done) released.push(rowIdOf(letter));
    else outcomes.set(letter.id, { kind: "settled" });
  }
  const decided = await untilDecided(released, patienceMs, async (rowIds) => {
    const rows = await api<{ row_id: string; reason: string; is_parked: boolean }[]>`
      select id::text as row_id, parked_reason as reason, parked_at is not null as is_parked from api.outbox
      where id in (select unnest(string_to_array(${rowIds.join()}::text, ',')::int8[]))
        and parked_reason is not null and (parked_at is not null or published_at is not null)`;
    return new Map(rows.map((row) => [row.row_id, outcomeOf(row)]));
  });
  for (const [rowId, outcome] of decided) outcomes.set(`${outboxTopic}:${rowId}`, outcome);
  return outcomes;
}

const outcomeOf = ({ is_parked, reason }: { is_parked: boolean; reason: string }): Replay =>
  is_parked ? { kind: "failed", reason: `it is parked again (${reason})` } : { kind: "replayed" };
