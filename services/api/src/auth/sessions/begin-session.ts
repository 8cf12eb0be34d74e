import type { SignedIn } from "@carillon/contracts/http/auth";
import type { Change } from "../../change/change.ts";
import type { ApiDeps } from "../../deps.ts";
import type { Arrival } from "../admission/admit.ts";
import { rememberAddress } from "../admission/known-address.ts";
import { sayEnded } from "../end-credentials.ts";
import { writeLetter } from "../letters/write-letter.ts";
import type { UserRow } from "../user.ts";
import { openSession } from "./open-session.ts";

/** Signing in once more ends the oldest session. */
const mostSessions = 100;

/** A finished sign-in; `mark` identifies the device from then on. */
export type Entered = { signedIn: SignedIn; mark: string };

/** Whose last proof of a password or factor is not this sign-in itself says when it was; null: not known. */
export type Entering = Arrival & { provenAt?: Date | null };

/** The last step of every kind of sign-in. */
export async function beginSession(
  deps: ApiDeps,
  change: Change,
  user: UserRow,
  { client, name, language, caller, provenAt }: Entering,
): Promise<SignedIn> {
  const { tx, userId } = change;
  await endOldest(change);
  await tx`update api.users set language = ${language} where id = ${userId} and language <> ${language}`;
  // Without an address nothing tells a known client from an unknown one.
  if (!caller.isKnown && client.address !== null)
    await writeLetter(change, "new_sign_in", { details: { client: name, address: client.address } });
  await rememberAddress(deps, change, client.address);
  return openSession(deps, change.tx, user, { client: name, address: client.address, provenAt });
}

async function endOldest(change: Change): Promise<void> {
  const { tx, userId } = change;
  const ended = await tx<{ id: string }[]>`
    delete from api.sessions where user_id = ${userId} and id in (
      select id from api.sessions where user_id = ${userId} order by created_at desc, id desc offset ${mostSessions - 1})
    returning id`;
  sayEnded(change, ended);
}
