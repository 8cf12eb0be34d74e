import type { LetterKind } from "@carillon/contracts/http/letters";
import { isUuid } from "@carillon/kit/http";
import { invalid, Problem } from "@carillon/kit/service";
import type { Seals } from "../seals.ts";

/** A letter that opens something, by its row. */
export type LetterKey = { userId: string; id: string };

/** A link of one purpose opens nothing of another. */
const purposes: Partial<Record<LetterKind, string>> = {
  reset: "reset link",
  verify: "address link",
  email_change: "address link",
};

/** Letters whose links prove an address. */
export const addressKinds = ["verify", "email_change"] as const satisfies LetterKind[];

/** The last part of a letter's link, null for a letter without one. No database holds it, nor a hash of it: it is made from the row's ids with a key of ours. */
export function linkOf(seals: Seals, kind: LetterKind, { userId, id }: LetterKey): string | null {
  const purpose = purposes[kind];
  return purpose === undefined ? null : seals.sealCursor(purpose, [userId, id]);
}

/** The letter of a kind that a link's last part was made for; null for what is none of ours. */
export function letterOf(seals: Seals, kind: LetterKind, token: string): LetterKey | null {
  try {
    const [userId = "", id = ""] = seals.openCursor<string[]>(purposes[kind] ?? "", token);
    return isUuid(userId) && isUuid(id) ? { userId, id } : null;
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

/** A link opens nothing any more. */
export const linkIsOver = (age: string) =>
  invalid({ pointer: "/token", detail: `was used already or is older than ${age}; ask for a new link` });
