import { Problem } from "@carillon/kit/service";
import type { Change } from "../change/change.ts";
import type { ApiDeps } from "../deps.ts";
import { admitProof } from "./admission/admit.ts";
import type { QueueCaller } from "./admission/fair-queue.ts";
import { signInNeeded } from "./authenticate.ts";
import type { Caller } from "./caller.ts";
import { noteProof } from "./proof/recent-proof.ts";

/** The proof of a right password; `hash` is the one it fits, `hashCaller` is for hashing a new one. */
export type Proof = { hash: string; email: string; hashCaller: QueueCaller };

/** Whether a hash that was proven before the transaction is still the stored one. */
export async function isStillPassword({ tx, userId }: Change, proven: string | null): Promise<boolean> {
  const still = await tx`select from api.users where id = ${userId} and password_hash = ${proven}`;
  return still.count > 0;
}

const noPassword = () =>
  new Problem("forbidden", "Your account has no password. Set one with a link in a mail: “Forgotten your password?”.");

/**
 * The proof that a signed-in user knows the password, or null when it is wrong. Hashing is slow, so
 * this happens before the transaction, which checks that the hash is still the stored one. @throws
 * Problem 429 after too many wrong ones, 403 for an account without a password.
 */
export async function provePassword(
  deps: ApiDeps,
  request: Request,
  { userId, credentialId }: Caller,
  password: string,
): Promise<Proof | null> {
  const [user] = await deps.sql<{ password_hash: string | null; email: string }[]>`
    select password_hash, email from api.users where id = ${userId}`;
  if (!user) throw signInNeeded("This account is gone.");
  if (user.password_hash === null) throw noPassword();
  const { caller, succeed } = await admitProof(deps, request, { userId, credentialId });
  if (!(await deps.passwords.verify(password, user.password_hash, caller))) return null;
  await succeed();
  await noteProof(deps, { userId, credentialId });
  return { hash: user.password_hash, email: user.email, hashCaller: caller };
}
