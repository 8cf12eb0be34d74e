import type { LetterDetails, LetterKind } from "@carillon/contracts/http/letters";
import type { Change } from "../../change/change.ts";
import { isProven } from "../address/proof.ts";
import { addressKinds } from "./links.ts";

const dayMinutes = 1_440;

/** Minutes until a letter is not sent any more, and what it opens is closed. */
export const letterMinutes: Record<LetterKind, number> = {
  reset: 60,
  verify: 7 * dayMinutes,
  email_change: dayMinutes,
  email_change_asked: dayMinutes,
  email_changed: dayMinutes,
  password_changed: dayMinutes,
  new_sign_in: dayMinutes,
  new_token: dayMinutes,
  factor_changed: dayMinutes,
  channel_test: 60,
};

type Writing = Pick<Change, "tx" | "userId" | "now" | "newId">;

/**
 * Has something mailed about the account; commits with what it is about. An address that was not proven gets its proof's mail and no other.
 * `email`: where it goes, when not to the account's address.
 */
export async function writeLetter(
  { tx, userId, now, newId }: Writing,
  kind: LetterKind,
  { email = null, details = null }: { email?: string | null; details?: LetterDetails | null } = {},
): Promise<void> {
  const expiresAt = new Date(now.getTime() + letterMinutes[kind] * 60_000);
  const provesAddress = addressKinds.some((one) => one === kind);
  await tx`
    insert into api.letters (user_id, id, kind, email, details, created_at, expires_at, next_try_at)
    select u.id, ${newId()}, ${kind}, ${email}, ${details === null ? null : tx.json(details)}, ${now}, ${expiresAt}, ${now}
    from api.users u where u.id = ${userId} and (${provesAddress} or ${isProven(tx, "u")})`;
}

/** Links of these kinds that one account is mailed within an hour: no caller must fill a mailbox. */
export const maxLinksPerHour = 3;
const hourMs = 3_600_000;

/** Whether the account was written to as often within the last hour as it may be, with letters of these kinds. */
export async function isWrittenEnough({ tx, userId, now }: Writing, kinds: readonly LetterKind[]): Promise<boolean> {
  const [row] = await tx<{ letters: number }[]>`
    select count(*)::int4 as letters from api.letters
    where user_id = ${userId} and kind = any(${[...kinds]}::text[]) and created_at > ${new Date(now.getTime() - hourMs)}`;
  return (row?.letters ?? 0) >= maxLinksPerHour;
}
