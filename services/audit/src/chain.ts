import { canonicalJson } from "./canonical-json.ts";
import type { Draft } from "./entry.ts";
import type { Seals } from "./seals.ts";

/**
 * An entry in its position. Hashes and seals are 64 hexadecimal digits; an entry from before seals
 * existed has an empty one.
 */
export type Entry = Draft & { seq: number; prevHash: string; hash: string; seal: string };

/** The end of a chain: what the next entry is chained to. */
export type Tail = { seq: number; hash: string; entryId: string | null };

/** The end of a chain without entries. */
export const emptyTail: Tail = { seq: 0, hash: "0".repeat(64), entryId: null };

export const tailOf = ({ seq, hash, id }: Entry): Tail => ({ seq, hash, entryId: id });

/** The draft as the entry after `tail`. */
export function link(tail: Tail, draft: Draft, seals: Pick<Seals, "of">): Entry {
  const placed = { ...draft, seq: tail.seq + 1, prevHash: tail.hash };
  const hash = hashOf(placed);
  return { ...placed, hash, seal: seals.of(hash) };
}

/** True when `entry` directly follows `tail`, unchanged. */
export const follows = (tail: Tail, entry: Entry): boolean =>
  entry.seq === tail.seq + 1 && entry.prevHash === tail.hash && entry.hash === hashOf(entry);

/**
 * Names the meaning of the hash: another layout of the text below needs another name. The first knows no batch and no tag, the second
 * no word on which an assistant acts.
 */
const layouts = {
  plain: "carillon.audit.entry.v1\n",
  named: "carillon.audit.entry.v2\n",
  whole: "carillon.audit.entry.v3\n",
};

/**
 * SHA-256 over the whole entry, its position and the hash before it: canonical JSON with sorted members. An entry without what a later
 * layout added is hashed as it was before.
 */
export function hashOf(entry: Omit<Entry, "hash" | "seal">): string {
  const { via } = entry;
  const isPlain = entry.batchId === null && entry.tagId === null && via === null;
  const text =
    `{"action":${canonicalJson(entry.action)},"actor":${canonicalJson(entry.actor)},"at":"${entry.at}"` +
    `${isPlain ? "" : `,"batch_id":${idText(entry.batchId)}`},"changes":${entry.changes}` +
    `,"id":"${entry.id}","prev_hash":"${entry.prevHash}","seq":${entry.seq}` +
    `${isPlain ? "" : `,"tag_id":${idText(entry.tagId)}`},"task_id":${idText(entry.taskId)}` +
    `,"user_id":"${entry.userId}","version":${entry.version}${via === null ? "" : `,"via":${canonicalJson(via)}`}}`;
  const layout = isPlain ? layouts.plain : via === null ? layouts.named : layouts.whole;
  return new Bun.CryptoHasher("sha256").update(layout).update(text).digest("hex");
}

const idText = (id: string | null): string => (id === null ? "null" : `"${id}"`);
