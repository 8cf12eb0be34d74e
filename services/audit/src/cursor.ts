import type { InternalListAudit } from "@carillon/contracts/http/audit";
import { invalid } from "@carillon/kit/service";
import type { Static } from "@sinclair/typebox";

/** Whose history, and which part of it. */
export type Filters = Static<typeof InternalListAudit>;

/** Bytes of a cursor: the position (8), and a digest of the list it belongs to (12). */
const positionBytes = 8;
const digestBytes = 12;

/**
 * An opaque position after the entry at `seq` of exactly this list: this user, these filters. It
 * grants nothing: a forged one leads only to entries its bearer could have paged to.
 */
export function cursorAfter(filters: Filters, seq: string): string {
  const bytes = Buffer.alloc(positionBytes + digestBytes);
  bytes.writeBigInt64BE(BigInt(seq));
  digestOf(filters).copy(bytes, positionBytes);
  return bytes.toString("base64url");
}

/**
 * The position in the filters' own `cursor`, null without one.
 * @throws Problem "invalid" when it was made for another list.
 */
export function positionOf(filters: Filters): string | null {
  if (filters.cursor === undefined) return null;
  const bytes = Buffer.from(filters.cursor, "base64url");
  const isOurs =
    bytes.length === positionBytes + digestBytes &&
    bytes.toString("base64url") === filters.cursor &&
    bytes.subarray(positionBytes).equals(digestOf(filters));
  if (!isOurs) throw invalid({ pointer: "cursor", detail: "does not belong to this list" });
  return bytes.readBigInt64BE().toString();
}

function digestOf({ user_id, task_id, action, actor, from, to, id, batch_id }: Filters): Buffer {
  const named = [id, batch_id].flatMap((one) => one?.toLowerCase() ?? []);
  const list = JSON.stringify([user_id.toLowerCase(), task_id?.toLowerCase(), action, actor, from, to, ...named]);
  const digest = new Bun.CryptoHasher("sha256").update(`carillon.audit.cursor\n${list}`).digest();
  return digest.subarray(0, digestBytes);
}
