import { Problem } from "@carillon/kit/service";
import type { ApiDeps } from "../../deps.ts";
import type { Caller } from "../caller.ts";

/** A proof of password or factor is recent for this long. */
const recentMs = 5 * 60_000;

/**
 * Lets a session through in which the user proved the password or a factor within five minutes: it may be a browser left open. Access
 * tokens are held to their scopes instead.
 * @throws Problem 403 "proof_required".
 */
export function requireRecentProof({ clock }: Pick<ApiDeps, "clock">, caller: Caller): void {
  if (caller.kind === "token" || clock.now().getTime() - caller.provenAt.getTime() <= recentMs) return;
  throw new Problem("proof_required", "Enter your password again: it was last entered more than 5 minutes ago.");
}

/** Notes that the user proved the password or a factor in this session now. */
export async function noteProof(
  { sql, clock }: Pick<ApiDeps, "sql" | "clock">,
  { userId, credentialId }: { userId: string; credentialId: string },
): Promise<void> {
  await sql`
    update api.sessions set proven_at = ${clock.now()} where user_id = ${userId} and id = ${credentialId}`;
}
