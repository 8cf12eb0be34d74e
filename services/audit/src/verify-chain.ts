import type { AuditVerification } from "@carillon/contracts/http/audit";
import { type Entry, emptyTail, follows, type Tail, tailOf } from "./chain.ts";

/** What ends a chain, seen at one instant: its head, and the first entry that stands beyond it, which no honest writer leaves. */
export type Anchor = { head: Tail; strayId: string | null; isErased: boolean };

/** One user's chain, as the database holds it now. */
export type ChainSource = {
  anchor(): Promise<Anchor>;
  /** The next entries with a `seq` above `after` and at most `last`, ascending; empty when there are no more. */
  page(after: number, last: number): Promise<Entry[]>;
};

/**
 * Whether every entry still says what it said and stands where it stood. `first_broken` is the first entry, oldest first, that does not
 * fit: edited, forged, moved, or the one behind a gap. Where the newest entries were cut off it is the newest one, whose id the head keeps.
 *
 * Pages are read one after the other, so a chain of any length takes a page of memory; entries that arrive meanwhile stand behind the
 * anchor and do not matter.
 */
export async function verifyChain(source: ChainSource): Promise<AuditVerification> {
  const found = await walk(source, await source.anchor());
  // A person erased in the middle of this takes the chain along, and that is no break.
  if (found.ok || !(await source.anchor()).isErased) return found;
  return { ok: true, checked: 0, first_broken: null };
}

async function walk(source: ChainSource, { head, strayId }: Anchor): Promise<AuditVerification> {
  let tail = emptyTail;
  const broken = (id: string | null): AuditVerification => ({ ok: false, checked: tail.seq, first_broken: id });
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const page = await source.page(after, head.seq);
    for (const entry of page) {
      if (!follows(tail, entry)) return broken(entry.id);
      tail = tailOf(entry);
    }
    if (page.length === 0) break;
    after = tail.seq;
  }
  if (tail.seq < head.seq) return broken(head.entryId);
  if (tail.hash !== head.hash || tail.entryId !== head.entryId) return broken(tail.entryId);
  return strayId === null ? { ok: true, checked: tail.seq, first_broken: null } : broken(strayId);
}
