import type { LetterKind } from "@carillon/contracts/http/ways-back";
import type { Change } from "../../change/change.ts";

/** Minutes until a letter is not sent any more, and what it opens is closed. */
export const letterMinutes: Record<LetterKind, number> = { reset: 60, password_changed: 1_440 };

/** Has the owner told by mail; commits with what it tells of. */
export async function writeLetter({ tx, userId, now, newId }: Change, kind: LetterKind): Promise<void> {
  await tx`
    insert into api.letters (user_id, id, kind, created_at, expires_at, next_try_at)
    values (${userId}, ${newId()}, ${kind}, ${now}, ${new Date(now.getTime() + letterMinutes[kind] * 60_000)}, ${now})`;
}
