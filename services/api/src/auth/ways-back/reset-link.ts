import { isUuid } from "@carillon/kit/http";
import { Problem } from "@carillon/kit/service";
import type { Seals } from "../seals.ts";

/** A letter that opens something, by its row. */
export type LetterKey = { userId: string; id: string };

const purpose = "reset link";

/** The last part of a letter's link. No database holds it, nor a hash of it: it is made from the row's ids with a key of ours. */
export const resetToken = (seals: Seals, { userId, id }: LetterKey): string => seals.sealCursor(purpose, [userId, id]);

/** The letter a link's last part was made for; null for what is none of ours. */
export function letterOf(seals: Seals, token: string): LetterKey | null {
  try {
    const [userId = "", id = ""] = seals.openCursor<string[]>(purpose, token);
    return isUuid(userId) && isUuid(id) ? { userId, id } : null;
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}
