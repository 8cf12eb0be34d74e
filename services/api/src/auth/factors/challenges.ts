import { isUuid } from "@carillon/kit/http";
import { Problem } from "@carillon/kit/service";
import type { Change } from "../../change/change.ts";
import type { ApiDeps } from "../../deps.ts";
import type { Seals } from "../seals.ts";

/** How long the second step may take, and how many codes it may try. */
const challengeMinutes = 5;
const maxTries = 5;
/** Sign-ins of one account that wait for their second step; one more ends the oldest. */
const maxChallenges = 100;

const purpose = "second step";

export type ChallengeKey = { userId: string; id: string };

/** Begins the second step of a sign-in whose first was right; the answer is what its caller brings back. */
export async function openChallenge({ seals, newId }: ApiDeps, { tx, userId, now }: Change): Promise<string> {
  const id = newId();
  await tx`
    delete from api.challenges where user_id = ${userId} and id in (
      select id from api.challenges where user_id = ${userId} order by expires_at desc, id desc offset ${maxChallenges - 1})`;
  await tx`
    insert into api.challenges (user_id, id, expires_at)
    values (${userId}, ${id}, ${now}::timestamptz + make_interval(mins => ${challengeMinutes}))`;
  return sealChallenge(seals, { userId, id });
}

/** What the caller brings back. */
export const sealChallenge = (seals: Seals, { userId, id }: ChallengeKey): string =>
  seals.sealCursor(purpose, [userId, id]);

/** The answer to a right first step. */
export const secondFactorNeeded = (challenge: string): Problem =>
  new Problem("second_factor_required", "Enter a code of your authenticator app, or a recovery code.", {
    challenge,
    headers: { "www-authenticate": "Bearer" },
  });

/** The sign-in that a challenge continues; null for what is none of ours. */
export function challengeOf(seals: Seals, challenge: string): ChallengeKey | null {
  try {
    const [userId = "", id = ""] = seals.openCursor<string[]>(purpose, challenge);
    return isUuid(userId) && isUuid(id) ? { userId, id } : null;
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

/** Counts one try, before the code is looked at; false when the challenge is over or was tried too often. */
export async function tryChallenge({ sql, clock }: ApiDeps, { userId, id }: ChallengeKey): Promise<boolean> {
  const counted = await sql`
    update api.challenges set tries = tries + 1
    where user_id = ${userId} and id = ${id} and tries < ${maxTries} and expires_at > ${clock.now()}`;
  return counted.count > 0;
}

/** Ends the challenge with its success; false when another request has. */
export async function endChallenge({ tx, userId }: Change, { id }: ChallengeKey): Promise<boolean> {
  const ended = await tx`delete from api.challenges where user_id = ${userId} and id = ${id}`;
  return ended.count > 0;
}

/** Ends every sign-in of the account that waits for its second step: what its first step proved has changed. */
export async function endChallenges({ tx, userId }: Pick<Change, "tx" | "userId">): Promise<void> {
  await tx`delete from api.challenges where user_id = ${userId}`;
}
