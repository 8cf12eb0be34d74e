import type { Change } from "../../change/change.ts";
import type { ApiDeps } from "../../deps.ts";
import { useRecoveryCode } from "./recovery-codes.ts";
import { stepOf } from "./totp.ts";

/** True when sign-in to the account asks for a code. */
export async function hasTotp({ tx, userId }: Pick<Change, "tx" | "userId">): Promise<boolean> {
  const found = await tx`select from api.totp where user_id = ${userId} and confirmed_at is not null`;
  return found.count > 0;
}

/** Uses up a code of the account's app or a recovery code; false for any other text, and for a code that was used. */
export async function useCode(deps: ApiDeps, change: Change, shown: string): Promise<boolean> {
  const { tx, userId, now } = change;
  const [app] = await tx<{ sealed_secret: Uint8Array }[]>`
    select sealed_secret from api.totp where user_id = ${userId} and confirmed_at is not null`;
  if (!app) return false;
  const code = shown.replace(/[\s-]/g, "");
  const secret = openSecret(deps, userId, app.sealed_secret);
  const step = secret === null ? null : stepOf(secret, code, now);
  if (step === null) return useRecoveryCode(change, shown);
  const used = await tx`
    update api.totp set last_step = ${step} where user_id = ${userId} and (last_step is null or last_step < ${step})`;
  return used.count > 0;
}

/** The app's secret. Null when it was sealed under another `JWT_SECRET`: then recovery codes still open. */
export function openSecret({ seals, log }: ApiDeps, userId: string, sealed: Uint8Array): string | null {
  const secret = seals.openFactor(userId, sealed);
  if (secret === null) log.warn("an authenticator app's secret cannot be opened", { user_id: userId });
  return secret;
}
