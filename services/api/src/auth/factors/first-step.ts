import type { SignedIn } from "@carillon/contracts/http/auth";
import { deviceHeader } from "@carillon/contracts/names";
import { answer, toResponse } from "@carillon/kit/http";
import type { Change } from "../../change/change.ts";
import type { ApiDeps } from "../../deps.ts";
import { markOf } from "../admission/device-mark.ts";
import { beginSession, type Entering } from "../sessions/begin-session.ts";
import type { UserRow } from "../user.ts";
import { openChallenge, secondFactorNeeded } from "./challenges.ts";
import { hasTotp } from "./use-code.ts";

/** What a right first step gives: a session, or a challenge where the account has a second factor. */
export type FirstStep = { userId: string } & (
  | { kind: "entered"; signedIn: SignedIn; mark: string }
  | { kind: "challenged"; challenge: string }
);

export async function takeFirstStep(
  deps: ApiDeps,
  change: Change,
  user: UserRow,
  entering: Entering,
): Promise<FirstStep> {
  const userId = user.id;
  if (await hasTotp(change)) return { kind: "challenged", userId, challenge: await openChallenge(deps, change) };
  const signedIn = await beginSession(deps, change, user, entering);
  return { kind: "entered", userId, signedIn, mark: markOf(deps, userId, entering.device) };
}

/** For the security log. */
export const stepForLog = {
  known: ({ userId }: FirstStep) => ({ user_id: userId }),
  outcome: ({ kind }: FirstStep) => (kind === "entered" ? "ok" : "challenged"),
} as const;

/** @throws Problem 401 "second_factor_required" with the challenge. */
export function answerFirstStep(step: FirstStep): Response {
  if (step.kind === "challenged") throw secondFactorNeeded(step.challenge);
  return toResponse(answer(200, step.signedIn, { [deviceHeader]: step.mark }));
}
