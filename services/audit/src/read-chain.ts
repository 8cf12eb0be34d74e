import type { Sql } from "@carillon/kit/database";
import { canonicalJson } from "./canonical-json.ts";
import { type Entry, emptyTail } from "./chain.ts";
import type { Anchor, ChainSource } from "./verify-chain.ts";

/**
 * Maximum entries per page. Few, because an entry may hold two descriptions of 20 000 characters;
 * enough to hide the round trip.
 */
const pageSize = 250;

/** A user's chain in the database. */
export const chainOf = (sql: Sql, userId: string): ChainSource => ({
  anchor: () => readAnchor(sql, userId),
  page: (after, last) => readPage(sql, userId, after, last),
});

type AnchorRow = {
  seq: number | null;
  hash: string;
  entry_id: string | null;
  stray: string | null;
  is_erased: boolean;
};

/** One statement, so that head and entries are of one instant: a writer moves both in one transaction. */
async function readAnchor(sql: Sql, userId: string): Promise<Anchor> {
  const [row] = await sql<AnchorRow[]>`
    select h.seq::float8 as seq, encode(h.hash, 'hex') as hash, h.entry_id, (
      select e.id from audit.entries e where e.user_id = asked.user_id and e.seq > coalesce(h.seq, 0) order by e.seq limit 1
    ) as stray,
    exists (select from audit.erased where user_digest = audit.user_digest(asked.user_id)) as is_erased
    from (select ${userId}::uuid as user_id) asked left join audit.heads h using (user_id)`;
  const head = row && row.seq !== null ? { seq: row.seq, hash: row.hash, entryId: row.entry_id } : emptyTail;
  return { head, strayId: row?.stray ?? null, isErased: row?.is_erased ?? false };
}

type Row = Omit<Entry, "at" | "changes"> & { at: Date; changes: unknown };

// `entries.seq`, because a bare `seq` would mean the converted column of the result, which no index
// is sorted by.
async function readPage(sql: Sql, userId: string, after: number, last: number): Promise<Entry[]> {
  const rows = await sql<Row[]>`
    select user_id as "userId", seq::float8 as seq, id, task_id as "taskId", tag_id as "tagId", batch_id as "batchId", action, actor, via, at, version, changes,
      encode(prev_hash, 'hex') as "prevHash", encode(hash, 'hex') as hash,
      coalesce(encode(seal, 'hex'), '') as seal
    from audit.entries where user_id = ${userId} and seq > ${after} and seq <= ${last} order by entries.seq limit ${pageSize}`;
  return rows.map((row) => ({ ...row, at: instantOf(row.at), changes: changesOf(row.changes) }));
}

/** UTC with milliseconds; a time that no writer of ours stores (infinity) has no such text, and no hash that fits. */
const instantOf = (at: Date): string => (Number.isNaN(at.getTime()) ? "never" : at.toISOString());

/** Canonical JSON; a value without one was not written by us, and no hash fits the empty text. */
function changesOf(changes: unknown): string {
  try {
    return canonicalJson(changes);
  } catch {
    return "";
  }
}
