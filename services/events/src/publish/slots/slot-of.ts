import { slotCount } from "@carillon/contracts/names";

/**
 * The slot (0–11) of a user's events: the same in every process and release, or order per user would
 * break. FNV-1a of the id's text.
 */
export function slotOf(userId: string): number {
  return fnv1a(userId.toLowerCase()) % slotCount;
}

/** The 32-bit FNV-1a hash of `text`'s UTF-16 units (http://www.isthe.com/chongo/tech/comp/fnv/). */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
