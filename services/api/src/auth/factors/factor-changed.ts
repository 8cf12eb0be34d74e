import type { Change } from "../../change/change.ts";
import { sayEnded } from "../end-credentials.ts";
import { writeLetter } from "../letters/write-letter.ts";
import { endChallenges } from "./challenges.ts";

/** After a change of factors: tells the owner, and ends every other session and every sign-in that waits for its second step. */
export async function endWhatWasBefore(change: Change, { keep }: { keep: string }): Promise<void> {
  const { tx, userId } = change;
  await writeLetter(change, "factor_changed");
  await endChallenges(change);
  sayEnded(
    change,
    await tx<{ id: string }[]>`delete from api.sessions where user_id = ${userId} and id <> ${keep} returning id`,
  );
}
