import { type Tx, transact } from "@carillon/kit/database";
import type { Books } from "./books.ts";
import { type Entry, emptyTail, link, type Tail, tailOf } from "./chain.ts";
import type { Draft } from "./entry.ts";
import type { Seals } from "./seals.ts";

/**
 * Chains the drafts, in the given order per user, in one transaction, skipping known events and erased
 * users. The event's id is unique per user among all entries, so the entries double as the inbox:
 * no second table and no expiry.
 */
export async function appendEntries(books: Books, drafts: readonly Draft[]): Promise<void> {
  if (drafts.length === 0) return;
  const users = [...new Set(drafts.map((draft) => draft.userId))];
  const missing = await append(books, users, drafts, "all heads are there");
  if (missing.length === 0) return;
  // Committed before the locks are taken, and in order: a writer that holds one head and waits for
  // the creation of another could deadlock with its mirror image. Users whose head does not stay
  // (see the migration) were erased.
  await books.sql`
    insert into audit.heads (user_id) select unnest(${missing}::uuid[]) as user_id order by user_id on conflict do nothing`;
  await append(books, users, drafts, "the missing were erased");
}

/** Entries removed in one transaction: a long history takes longer than a single statement may. */
const erasedAtOnce = 2_000;

/**
 * Removes a user's history permanently; later events of theirs are ignored. If interrupted, the next
 * call continues.
 */
export async function eraseUser({ sql, marks }: Books, userId: string): Promise<void> {
  marks.forget(userId);
  for (let gone = 1; gone > 0; ) {
    const [row] = await sql<{ gone: number }[]>`select audit.erase(${userId}, ${erasedAtOnce}) as gone`;
    gone = row?.gone ?? 0;
  }
}

type Expectation = "all heads are there" | "the missing were erased";

/** Users without a head; if there are unexpected ones, nothing was written. */
async function append(
  { sql, seals, marks }: Books,
  users: string[],
  drafts: readonly Draft[],
  expectation: Expectation,
): Promise<string[]> {
  const found = new Map<string, Tail>();
  const tails = new Map<string, Tail>();
  const missing = await transact(sql, async (tx): Promise<string[]> => {
    // A retried transaction starts from the state it finds then.
    found.clear();
    tails.clear();
    for (const [user, tail] of await lockTails(tx, users)) {
      found.set(user, tail);
      tails.set(user, tail);
    }
    const missing = users.filter((user) => !tails.has(user));
    if (missing.length > 0 && expectation === "all heads are there") return missing;
    const fresh = await withoutKnown(
      tx,
      drafts.filter((draft) => tails.has(draft.userId)),
    );
    if (fresh.length > 0) await write(tx, chain(tails, fresh, seals));
    return missing;
  });
  for (const [user, tail] of tails) marks.note(user, found.get(user) ?? emptyTail, tail);
  return missing;
}

/**
 * The users' tails, locked until the transaction ends: other writers of these chains wait. Locked in
 * one order, so that no two writers deadlock.
 */
async function lockTails(tx: Tx, users: string[]): Promise<Map<string, Tail>> {
  const rows = await tx<{ user_id: string; seq: number; hash: string; entry_id: string | null }[]>`
    select user_id, seq::float8 as seq, encode(hash, 'hex') as hash, entry_id
    from audit.heads where user_id = any(${users}::uuid[]) order by user_id for update`;
  return new Map(rows.map((row) => [row.user_id, { seq: row.seq, hash: row.hash, entryId: row.entry_id }]));
}

/** The drafts whose event is new. Checked after the lock: a concurrent duplicate has committed or will not write. */
async function withoutKnown(tx: Tx, drafts: readonly Draft[]): Promise<Draft[]> {
  const rows = await tx<{ key: string }[]>`
    select e.user_id || ' ' || e.id as key
    from unnest(${drafts.map((draft) => draft.userId)}::uuid[], ${drafts.map((draft) => draft.id)}::uuid[]) as asked (user_id, id)
    join audit.entries e using (user_id, id)`;
  const known = new Set(rows.map((row) => row.key));
  return drafts.filter(({ userId, id }) => {
    const key = `${userId} ${id}`;
    return !known.has(key) && known.add(key);
  });
}

function chain(tails: Map<string, Tail>, drafts: readonly Draft[], seals: Seals): Entry[] {
  return drafts.map((draft) => {
    const tail = tails.get(draft.userId);
    if (!tail) throw new Error("a draft whose head is not locked");
    const entry = link(tail, draft, seals);
    tails.set(draft.userId, tailOf(entry));
    return entry;
  });
}

/** Entries and the heads they move, in one statement. */
async function write(tx: Tx, entries: readonly Entry[]): Promise<void> {
  const newest = new Map(entries.map((entry) => [entry.userId, entry]));
  const heads = [...newest.values()].map(({ userId, seq, hash, id }) => ({ userId, seq, hash: `\\x${hash}`, id }));
  const rows = entries.map((entry) => ({
    ...entry,
    hash: `\\x${entry.hash}`,
    prevHash: `\\x${entry.prevHash}`,
    seal: `\\x${entry.seal}`,
  }));
  await tx`
    with written as (
      insert into audit.entries (user_id, seq, id, task_id, tag_id, batch_id, action, actor, via, at, version, changes, prev_hash, hash, seal)
      select "userId", seq, id, "taskId", "tagId", "batchId", action, actor, via, at, version, changes::jsonb, "prevHash", hash, seal
      from json_to_recordset(${JSON.stringify(rows)}::text::json) as row (
        "userId" uuid, seq bigint, id uuid, "taskId" uuid, "tagId" uuid, "batchId" uuid, action text, actor text, via text, at timestamptz, version integer, changes text,
        "prevHash" bytea, hash bytea, seal bytea)
    )
    update audit.heads set seq = head.seq, hash = head.hash, entry_id = head.id
    from json_to_recordset(${JSON.stringify(heads)}::text::json) as head ("userId" uuid, seq bigint, hash bytea, id uuid)
    where heads.user_id = head."userId"`;
}
