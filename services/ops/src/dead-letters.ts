import { services } from "@carillon/contracts/names";
import type { Sql } from "@carillon/kit/db";
import type { State } from "@carillon/kit/ports";
import { slotOf } from "@carillon/kit/slot-of";
import { type FailureNote, failureKey } from "@carillon/kit/subscribe/failure-notes";
import { printableJson, type Report, report, table } from "./report.ts";

export type DeadLetterDeps = { bus: Sql; state: State };

export type DeadLetter = {
  id: string;
  topic: string;
  subscriber: string;
  /** The user whose event it is. */
  key: string;
  event_id: string;
  reason: string;
  attempts: number;
  parked_at: string;
  replayed_at: string | null;
  /** What the consumer itself noted about its tries. */
  note: FailureNote | null;
};

/** More are counted, not shown: whoever has so many has one reason. */
const shown = 500;

/** The letters that wait for a decision, oldest first, each with its consumer's note. */
export async function listDeadLetters(deps: DeadLetterDeps): Promise<Report> {
  const [row] = await deps.bus<
    { count: number }[]
  >`select count(*)::int as count from bus.dead_letter where replayed_at is null`;
  const letters = await withNotes(
    deps,
    await deps.bus<
      Row[]
    >`select ${columns(deps.bus)} from bus.dead_letter where replayed_at is null order by id limit ${shown}`,
  );
  const count = row?.count ?? 0;
  const rows = letters.map((one) => [
    one.id,
    one.parked_at,
    one.topic,
    typeOf(one.event),
    one.event_id,
    triesOf(one),
    errorOf(one),
  ]);
  const lines =
    count === 0 ? ["No dead letters."] : table(["id", "parked", "topic", "type", "event", "tries", "last error"], rows);
  if (count > letters.length) lines.push(`… and ${count - letters.length} more.`);
  return report(lines, { count, dead_letters: letters.map(({ event: _, ...rest }) => rest) });
}

/** One letter with its whole event. Exit 1 when there is none. */
export async function showDeadLetter(deps: DeadLetterDeps, id: string): Promise<Report> {
  const letters = await withNotes(deps, await find(deps.bus, id));
  if (letters.length === 0) return unknown(id);
  const lines = letters.flatMap(({ event, note, ...letter }) => [
    ...table(
      ["field", "value"],
      Object.entries({ ...letter, ...noteOf(note) }).map(([name, value]) => [name, String(value ?? "–")]),
    ).slice(1),
    printableJson(event),
  ]);
  return report(lines, letters);
}

/**
 * Hands letters to their consumers again, oldest first: behind everything that waits for the same user, so the order of what was not
 * parked stays as it is. The consumer knows the event's id and applies it once. A letter is replayed once.
 */
export async function replayDeadLetters(deps: DeadLetterDeps, id: string | "all", dryRun: boolean): Promise<Report> {
  const wanted = id === "all" ? await waiting(deps.bus) : await find(deps.bus, id);
  if (id !== "all" && wanted.length === 0) return unknown(id);
  const open = wanted.filter((letter) => letter.replayed_at === null);
  const done: string[] = [];
  for (const letter of open) if (dryRun || (await replay(deps.bus, letter))) done.push(letter.id);
  const data = { dry_run: dryRun, replayed: done };
  if (id !== "all" && done.length === 0) return report([`${id} was replayed already.`], data, 1);
  return report([`${dryRun ? "Would replay" : "Replayed"} ${count(done)}.`], data);
}

/** Forgets a letter and its note for good. */
export async function dropDeadLetter(deps: DeadLetterDeps, id: string, dryRun: boolean): Promise<Report> {
  const letters = await find(deps.bus, id);
  if (letters.length === 0) return unknown(id);
  const dropped = letters.map((letter) => letter.id);
  if (!dryRun) {
    await deps.bus`delete from bus.dead_letter where id = any(${dropped}::bigint[])`;
    for (const letter of letters) {
      const key = noteKey(letter);
      if (key !== null) await deps.state.delete(key);
    }
  }
  return report([`${dryRun ? "Would drop" : "Dropped"} ${count(dropped)}.`], { dry_run: dryRun, dropped });
}

type Row = Omit<DeadLetter, "note"> & { event: unknown };
type Letter = DeadLetter & { event: unknown };

const columns = (sql: Sql) => sql`
  id::text as id, topic, subscriber, key::text as key, event_id, event, reason, attempts,
  to_char(parked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as parked_at,
  to_char(replayed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as replayed_at`;

/** By the letter's number, or every letter of an event (each consumer parks its own). */
const find = (sql: Sql, id: string): Promise<Row[]> =>
  sql<
    Row[]
  >`select ${columns(sql)} from bus.dead_letter where id::text = ${id} or event_id = ${id} order by dead_letter.id`;

const waiting = (sql: Sql): Promise<Pick<Row, "id" | "key" | "replayed_at">[]> =>
  sql<Pick<Row, "id" | "key" | "replayed_at">[]>`
    select id::text as id, key::text as key, null as replayed_at from bus.dead_letter where replayed_at is null order by dead_letter.id`;

/** False when somebody else was quicker. One statement: the letter is marked and its copy on its way, or neither. */
async function replay(sql: Sql, { id, key }: Pick<Row, "id" | "key">): Promise<boolean> {
  const rows = await sql`
    with letter as (
      update bus.dead_letter set replayed_at = clock_timestamp() where id = ${id} and replayed_at is null
      returning original_topic, subscriber, key, event_id, event
    ), message as (
      insert into bus.message (topic, key, slot, event_id, event)
      select original_topic, key, ${slotOf(key)}, event_id, event from letter
      returning id, topic, key, slot
    ), delivery as (
      insert into bus.delivery (subscriber, slot, message_id, key)
      select letter.subscriber, message.slot, message.id, message.key from letter, message
    )
    select pg_notify('bus', topic) from message`;
  return rows.length > 0;
}

const withNotes = (deps: DeadLetterDeps, rows: readonly Row[]): Promise<Letter[]> =>
  Promise.all(rows.map(async (row) => ({ ...row, note: await readNote(deps.state, row) })));

async function readNote(state: State, row: Row): Promise<FailureNote | null> {
  const key = noteKey(row);
  return key === null ? null : ((await state.get<FailureNote>(key))?.value ?? null);
}

/** A subscriber is called `<service>:<topic>`. */
function noteKey({ subscriber, event_id }: Pick<Row, "subscriber" | "event_id">): string | null {
  const service = services.find((name) => subscriber.startsWith(`${name}:`));
  return service ? failureKey(service, event_id) : null;
}

const noteOf = (note: FailureNote | null) => ({
  "noted tries": note?.attempts ?? null,
  "last error": note?.last_error ?? null,
});
const triesOf = ({ note, attempts }: Letter): string => String(note?.attempts ?? attempts);
const errorOf = ({ note, reason }: Letter): string => note?.last_error ?? reason;
const typeOf = (event: unknown): string =>
  typeof event === "object" && event !== null && "type" in event ? String(event.type) : "?";

const count = (ids: readonly string[]): string => `${ids.length} ${ids.length === 1 ? "event" : "events"}`;
const unknown = (id: string): Report => report([`There is no dead letter ${id}.`], { error: "not_found", id }, 1);
