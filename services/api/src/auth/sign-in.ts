import { SignedIn, SignIn } from "@carillon/contracts/http/auth";
import { deviceHeader } from "@carillon/contracts/names";
import { describe, readBody, requireNoQuery } from "@carillon/kit/http";
import { Elysia } from "elysia";
import { type Change, change } from "../change/change.ts";
import type { ApiDeps } from "../deps.ts";
import { type Arrival, admitSignIn, arrivalOf } from "./admission/admit.ts";
import { deviceMarkMeaning } from "./admission/device-mark.ts";
import type { FairQueue } from "./admission/fair-queue.ts";
import { signInNeeded } from "./authenticate.ts";
import { answerFirstStep, type FirstStep, stepForLog, takeFirstStep } from "./factors/first-step.ts";
import { isStillPassword } from "./prove-password.ts";
import { logged } from "./security-log.ts";
import { accountOf, emailKeyOf, type UserRow, userColumns } from "./user.ts";

export const signInRoute = (deps: ApiDeps, entrance: FairQueue) =>
  new Elysia().post(
    "/api/signin",
    async ({ request }) => {
      const body = await readBody(request, SignIn);
      requireNoQuery(request);
      const subject = { account: accountOf(deps, body.email) };
      const step = await logged(deps, request, { event: "sign-in", subject, ...stepForLog }, async () =>
        signIn(deps, arrivalOf(deps, request), entrance, body),
      );
      return answerFirstStep(step);
    },
    {
      parse: "none",
      detail: describe({
        summary: "Sign in",
        description:
          "Where the account has an authenticator app, a right password is answered 401 `second_factor_required` with a `challenge`, for `POST /api/signin/second`.",
        tag: "Accounts",
        body: SignIn,
        answers: { 200: SignedIn },
        errors: [401],
        headers: { [deviceHeader]: deviceMarkMeaning },
        answerHeaders: { [deviceHeader]: deviceMarkMeaning },
        auth: false,
      }),
    },
  );

type Known = UserRow & { password_hash: string | null };

/**
 * A new session, or the challenge of the second step.
 * @throws Problem 401 or 429, the same and after the same work for an unknown address and for a
 * wrong password.
 */
export async function signIn(
  deps: ApiDeps,
  arrival: Arrival,
  entrance: FairQueue,
  { email, password }: SignIn,
): Promise<FirstStep> {
  const { user, admission } = await entrance.run(arrival.caller, async () => {
    const user = await findByEmail(deps, email);
    const attempt = { account: accountOf(deps, email), userId: user?.id ?? null };
    return { user, admission: await admitSignIn(deps, arrival, attempt) };
  });
  const { caller, succeed } = admission;
  const hash = user?.password_hash ?? null;
  const isRight =
    hash === null
      ? await deps.passwords.verifyNobody(password, caller)
      : await deps.passwords.verify(password, hash, caller);
  if (!user || hash === null || !isRight) throw wrongCredentials();
  const step = await change(deps, { userId: user.id, actor: "user" }, async (current) => {
    await requireStill(current, hash);
    return takeFirstStep(deps, current, user, admission);
  });
  await succeed();
  return step;
}

const wrongCredentials = () => signInNeeded("E-mail address or password is wrong.");

async function findByEmail({ sql }: ApiDeps, email: string): Promise<Known | undefined> {
  const key = emailKeyOf(email);
  if (key === null) return undefined;
  const [user] = await sql<Known[]>`
    select ${userColumns(sql)}, password_hash from api.users where email_key = ${key}`;
  return user;
}

/** A password that was changed while this one was being checked opens nothing any more. */
async function requireStill(change: Change, passwordHash: string): Promise<void> {
  if (!(await isStillPassword(change, passwordHash))) throw wrongCredentials();
}
