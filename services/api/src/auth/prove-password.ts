import type { ApiDeps } from "../deps.ts";
import { signInNeeded } from "./authenticate.ts";
import { countPasswordProof } from "./rate-limit.ts";

/**
 * The stored hash that `password` fits, or null when it does not fit. Hashing is slow, so this happens before the transaction; whoever
 * acts on the proof makes sure in the transaction that the hash is still the stored one.
 */
export async function provePassword(deps: ApiDeps, userId: string, password: string): Promise<string | null> {
  await countPasswordProof(deps, userId);
  const [user] = await deps.sql<{ password_hash: string }[]>`select password_hash from api.users where id = ${userId}`;
  if (!user) throw signInNeeded("This account is gone.");
  return (await deps.passwords.verify(password, user.password_hash)) ? user.password_hash : null;
}
