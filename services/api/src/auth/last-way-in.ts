import { Problem } from "@carillon/kit/service";
import type { Change } from "../change/change.ts";

/** Called after a way in was removed, in the same transaction. @throws Problem 409 when nothing would open the account any more. */
export async function requireWayIn({ tx, userId }: Pick<Change, "tx" | "userId">): Promise<void> {
  const open = await tx`
    select from api.users where id = ${userId} and (password_hash is not null
      or exists (select from api.passkeys where user_id = ${userId})
      or exists (select from api.identities where user_id = ${userId}))`;
  if (open.count === 0)
    throw new Problem("conflict", "This is the only way into your account. Set a password first, by a link in a mail.");
}
