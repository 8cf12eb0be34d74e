import type { AuditVerification } from "@carillon/contracts/http/audit";
import { type Entry, emptyTail, follows, type Tail, tailOf } from "./chain.ts";
import type { Seals } from "./seals.ts";

/** The end of a chain at one instant: its head, and the first entry beyond it, which no honest writer leaves. */
export type Anchor = { head: Tail; strayId: string | null; isErased: boolean };

/** One user's chain, as the database holds it now. */
export type ChainSource = {
  anchor(): Promise<Anchor>;
  /** The next entries with a `seq` above `after` and at most `last`, ascending; empty at the end. */
  page(after: number, last: number): Promise<Entry[]>;
};

/** What the database cannot know: valid seals, and where the chain ended when this process last wrote to it. */
export type Proof = { seals: Pick<Seals, "fits">; mark: Tail | null };

/**
 * Whether every entry is unchanged, in its original position, and written by audit. `first_broken` is
 * the first entry, oldest first, that does not fit, `reason` why: `changed` (edited, moved,
 * inserted, or the one behind a gap), `forged` (consistent, with hashes that fit, and not sealed by
 * audit), `removed` (the newest one, whose id the head or the mark keeps, where the end was cut
 * off).
 *
 * Pages are read in sequence, so a chain of any length takes a page of memory; entries that arrive
 * meanwhile are behind the anchor and do not matter. The mark was taken before, so the database has
 * it.
 */
export async function verifyChain(source: ChainSource, proof: Proof): Promise<AuditVerification> {
  const found = await walk(source, await source.anchor(), proof);
  // A user erased meanwhile takes the chain along, which is not a break.
  if (found.ok || !(await source.anchor()).isErased) return found;
  return { ok: true, checked: 0, first_broken: null, reason: null };
}

async function walk(
  source: ChainSource,
  { head, strayId }: Anchor,
  { seals, mark }: Proof,
): Promise<AuditVerification> {
  let tail = emptyTail;
  const broken = (reason: "changed" | "forged" | "removed", id: string | null): AuditVerification => ({
    ok: false,
    checked: tail.seq,
    first_broken: id,
    reason,
  });
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const page = await source.page(after, head.seq);
    for (const entry of page) {
      if (!follows(tail, entry)) return broken("changed", entry.id);
      if (!seals.fits(entry.hash, entry.seal)) return broken("forged", entry.id);
      if (entry.seq === mark?.seq && entry.hash !== mark.hash) return broken("changed", entry.id);
      tail = tailOf(entry);
    }
    if (page.length === 0) break;
    after = tail.seq;
  }
  if (tail.seq < head.seq) return broken("removed", head.entryId);
  if (tail.hash !== head.hash || tail.entryId !== head.entryId) return broken("changed", tail.entryId);
  if (strayId !== null) return broken("changed", strayId);
  if (mark !== null && tail.seq < mark.seq) return broken("removed", mark.entryId);
  return { ok: true, checked: tail.seq, first_broken: null, reason: null };
}
