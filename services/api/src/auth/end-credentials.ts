import type { Change } from "../change/change.ts";
import { endChallenges } from "./factors/challenges.ts";

/** Publishes that these sessions or access tokens have ended, so that open streams close everywhere. */
export function sayEnded(change: Change, ended: readonly { id: string }[]): void {
  for (const { id } of ended) {
    change.say({
      type: "session.revoked",
      entityId: id,
      taskId: null,
      version: 0,
      changes: {},
      more: { session_id: id },
    });
  }
}

/** Ends every session of the user but the one to `keep`, every sign-in under way, and every access token. */
export async function endAllCredentials(change: Change, { keep }: { keep: string | null }): Promise<void> {
  const { tx, userId } = change;
  await endChallenges(change);
  sayEnded(
    change,
    await tx<{ id: string }[]>`
      delete from api.sessions where user_id = ${userId} and id is distinct from ${keep} returning id`,
  );
  sayEnded(change, await tx<{ id: string }[]>`delete from api.tokens where user_id = ${userId} returning id`);
}
