import type { Sql, Tx } from "@carillon/kit/database";
import type { Keys } from "./books.ts";
import { createSeals, type Seals } from "./seals.ts";

/** Rows sealed by one statement. */
const maxRows = 5_000;

/**
 * Seals the entries from before seals existed. The migrating role does this once, in the run that adds
 * the column (`applied` are that run's migrations): at any later time it would seal what a forger
 * had left unsealed.
 */
export async function sealOlder(owner: Sql, keys: Keys, applied: readonly string[]): Promise<void> {
  if (!applied.includes("0002_seals")) return;
  const seals = createSeals(keys.AUDIT_KEY, keys.AUDIT_OLD_KEY);
  await owner.begin(async (tx) => {
    // The only edit ever made to an append-only table: no content of an entry changes.
    await tx`alter table audit.entries disable trigger entries_no_update`;
    for (let sealed = maxRows; sealed === maxRows; ) sealed = await sealSome(tx, seals);
    await tx`alter table audit.entries enable trigger entries_no_update`;
  });
}

async function sealSome(tx: Tx, seals: Seals): Promise<number> {
  const rows = await tx<{ user_id: string; seq: string; hash: string }[]>`
    select user_id, seq::text as seq, encode(hash, 'hex') as hash from audit.entries where seal is null limit ${maxRows}`;
  const sealed = rows.map(({ user_id, seq, hash }) => ({ user_id, seq, seal: `\\x${seals.of(hash)}` }));
  await tx`
    update audit.entries e set seal = given.seal
    from json_to_recordset(${JSON.stringify(sealed)}::text::json) as given (user_id uuid, seq bigint, seal bytea)
    where e.user_id = given.user_id and e.seq = given.seq`;
  return rows.length;
}
