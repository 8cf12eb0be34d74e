import { SignedIn } from "@carillon/contracts/http/auth";
import { SecondStep } from "@carillon/contracts/http/factors";
import { deviceHeader } from "@carillon/contracts/names";
import { answer, describe, readBody, requireNoQuery, toResponse } from "@carillon/kit/http";
import { invalid } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { change } from "../../change/change.ts";
import type { ApiDeps } from "../../deps.ts";
import { type Arrival, admitSecondStep, arrivalOf } from "../admission/admit.ts";
import { deviceMarkMeaning, markOf } from "../admission/device-mark.ts";
import type { FairQueue } from "../admission/fair-queue.ts";
import { signInNeeded } from "../authenticate.ts";
import { logged } from "../security-log.ts";
import { beginSession, type Entered } from "../sessions/begin-session.ts";
import { type UserRow, userColumns } from "../user.ts";
import { type ChallengeKey, challengeOf, endChallenge, tryChallenge } from "./challenges.ts";
import { useCode } from "./use-code.ts";

export const secondStepRoute = (deps: ApiDeps, entrance: FairQueue) =>
  new Elysia().post(
    "/api/signin/second",
    async ({ request }) => {
      const { challenge, code } = await readBody(request, SecondStep);
      requireNoQuery(request);
      const key = challengeOf(deps.seals, challenge);
      const subject = key ? { user_id: key.userId } : {};
      const { signedIn, mark } = await logged(deps, request, { event: "second factor", subject }, async () =>
        takeSecondStep(deps, arrivalOf(deps, request), entrance, { key, code }),
      );
      return toResponse(answer(200, signedIn, { [deviceHeader]: mark }));
    },
    {
      parse: "none",
      detail: describe({
        summary: "The second step of a sign-in that was answered second_factor_required",
        description:
          "A challenge is good for five minutes, five codes and one sign-in; then, answered 401, sign-in starts again.",
        tag: "Accounts",
        body: SecondStep,
        answers: { 200: SignedIn },
        errors: [401],
        headers: { [deviceHeader]: deviceMarkMeaning },
        answerHeaders: { [deviceHeader]: deviceMarkMeaning },
        auth: false,
      }),
    },
  );

type Input = { key: ChallengeKey | null; code: string };

/** @throws Problem 401 for a challenge that is over, 422 for a wrong or used code, 429 after too many. */
async function takeSecondStep(
  deps: ApiDeps,
  arrival: Arrival,
  entrance: FairQueue,
  { key, code }: Input,
): Promise<Entered> {
  const admission = await entrance.run(arrival.caller, () => admitSecondStep(deps, arrival, key?.userId ?? null));
  if (!key || !(await tryChallenge(deps, key))) throw challengeIsOver();
  const { userId } = key;
  const signedIn = await change(deps, { userId, actor: "user" }, async (current) => {
    if (!(await useCode(deps, current, code)))
      throw invalid({ pointer: "/code", detail: "is wrong or was used already" });
    if (!(await endChallenge(current, key))) throw challengeIsOver();
    const [user] = await current.tx<UserRow[]>`select ${userColumns(current.tx)} from api.users where id = ${userId}`;
    if (!user) throw challengeIsOver();
    return beginSession(deps, current, user, admission);
  });
  await admission.succeed();
  return { signedIn, mark: markOf(deps, userId, admission.device) };
}

const challengeIsOver = () => signInNeeded("This sign-in took too long or was tried too often. Start again.");
