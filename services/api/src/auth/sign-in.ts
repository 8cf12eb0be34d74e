import { SignedIn, SignIn } from "@carillon/contracts/http/auth";
import { deviceHeader } from "@carillon/contracts/names";
import { answer, describe, readBody, requireNoQuery, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import { type Change, change } from "../change/change.ts";
import type { ApiDeps } from "../deps.ts";
import { type Arrival, admitSignIn, arrivalOf } from "./admission/admit.ts";
import { deviceMarkMeaning, markOf } from "./admission/device-mark.ts";
import type { FairQueue } from "./admission/fair-queue.ts";
import { rememberAddress } from "./admission/known-address.ts";
import { signInNeeded } from "./authenticate.ts";
import { sayEnded } from "./end-credentials.ts";
import { writeLetter } from "./letters/write-letter.ts";
import { logged } from "./security-log.ts";
import { openSession } from "./sessions/open-session.ts";
import { accountOf, emailKeyOf, type UserRow, userColumns } from "./user.ts";

/** Signing in once more ends the oldest session. */
const mostSessions = 100;

export const signInRoute = (deps: ApiDeps, entrance: FairQueue) =>
  new Elysia().post(
    "/api/signin",
    async ({ request }) => {
      const body = await readBody(request, SignIn);
      requireNoQuery(request);
      const subject = { account: accountOf(deps, body.email) };
      const known = ({ signedIn }: Entered) => ({ user_id: signedIn.user.id });
      const entered = await logged(deps, request, { event: "sign-in", subject, known }, async () =>
        signIn(deps, arrivalOf(deps, request), entrance, body),
      );
      return toResponse(answer(200, entered.signedIn, { [deviceHeader]: entered.mark }));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Sign in",
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

type Known = UserRow & { password_hash: string };

/** `mark` identifies the device from then on. */
type Entered = { signedIn: SignedIn; mark: string };

/**
 * The user with a new session.
 * @throws Problem 401 or 429, the same and after the same work for an unknown address and for a
 * wrong password.
 */
export async function signIn(
  deps: ApiDeps,
  arrival: Arrival,
  entrance: FairQueue,
  { email, password }: SignIn,
): Promise<Entered> {
  const { user, admission } = await entrance.run(arrival.caller, async () => {
    const user = await findByEmail(deps, email);
    const attempt = { account: accountOf(deps, email), userId: user?.id ?? null };
    return { user, admission: await admitSignIn(deps, arrival, attempt) };
  });
  const { caller, client, name, language, device, succeed } = admission;
  const isRight = user
    ? await deps.passwords.verify(password, user.password_hash, caller)
    : await deps.passwords.verifyNobody(password, caller);
  if (!user || !isRight) throw wrongCredentials();
  const signedIn = await change(deps, { userId: user.id, actor: "user" }, async (current) => {
    await requireStill(current, user.password_hash);
    await endOldest(current);
    await current.tx`update api.users set language = ${language} where id = ${user.id} and language <> ${language}`;
    // Without an address nothing tells a known client from an unknown one.
    if (!caller.isKnown && client.address !== null)
      await writeLetter(current, "new_sign_in", { details: { client: name, address: client.address } });
    await rememberAddress(deps, current, client.address);
    return openSession(deps, current.tx, user, { client: name, address: client.address });
  });
  await succeed();
  return { signedIn, mark: markOf(deps, user.id, device) };
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
async function requireStill({ tx, userId }: Change, passwordHash: string): Promise<void> {
  const still = await tx`select from api.users where id = ${userId} and password_hash = ${passwordHash}`;
  if (still.count === 0) throw wrongCredentials();
}

async function endOldest(change: Change): Promise<void> {
  const { tx, userId } = change;
  const ended = await tx<{ id: string }[]>`
    delete from api.sessions where user_id = ${userId} and id in (
      select id from api.sessions where user_id = ${userId} order by created_at desc, id desc offset ${mostSessions - 1})
    returning id`;
  sayEnded(change, ended);
}
