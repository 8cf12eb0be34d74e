import { SignedIn } from "@carillon/contracts/http/auth";
import { PasskeySignIn } from "@carillon/contracts/http/passkeys";
import { deviceHeader } from "@carillon/contracts/names";
import { answer, describe, readBody, requireNoQuery, toResponse } from "@carillon/kit/http";
import { verifyAuthenticationResponse } from "@simplewebauthn/server";
import { Elysia } from "elysia";
import { type Change, change } from "../../change/change.ts";
import type { ApiDeps } from "../../deps.ts";
import { type Arrival, admitSecondStep, arrivalOf, recognised } from "../admission/admit.ts";
import { deviceMarkMeaning, markOf } from "../admission/device-mark.ts";
import type { FairQueue } from "../admission/fair-queue.ts";
import { signInNeeded } from "../authenticate.ts";
import { logged } from "../security-log.ts";
import { beginSession, type Entered } from "../sessions/begin-session.ts";
import { type UserRow, userColumns } from "../user.ts";
import { challengeHash } from "./challenge-hash.ts";
import { partyOf, refusalOf, userOf } from "./relying-party.ts";
import { listOf } from "./start-passkey.ts";

export const passkeySignInRoute = (deps: ApiDeps, entrance: FairQueue) =>
  new Elysia().post(
    "/api/signin/passkey",
    async ({ request }) => {
      const { credential } = await readBody(request, PasskeySignIn);
      requireNoQuery(request);
      const userId = userOf(credential.response.userHandle);
      const known = ({ signedIn }: Entered) => ({ user_id: signedIn.user.id });
      const { signedIn, mark } = await logged(
        deps,
        request,
        { event: "passkey sign-in", subject: {}, known },
        async () => enterByPasskey(deps, arrivalOf(deps, request), entrance, { credential, userId }),
      );
      return toResponse(answer(200, signedIn, { [deviceHeader]: mark }));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Sign in by passkey: no address, password or code is asked for",
        tag: "Accounts",
        body: PasskeySignIn,
        answers: { 200: SignedIn },
        errors: [401],
        headers: { [deviceHeader]: deviceMarkMeaning },
        answerHeaders: { [deviceHeader]: deviceMarkMeaning },
        auth: false,
      }),
    },
  );

type Input = { credential: PasskeySignIn["credential"]; userId: string | null };

/** @throws Problem 401 for a passkey of another site, user or challenge, one that was removed, and one whose counter goes back. */
async function enterByPasskey(
  deps: ApiDeps,
  arrival: Arrival,
  entrance: FairQueue,
  { credential, userId }: Input,
): Promise<Entered> {
  // No bucket of the account: a signature cannot be guessed, so no tries need counting.
  await entrance.run(arrival.caller, () => admitSecondStep(deps, arrival, null));
  const challenge = challengeOf(credential);
  if (challenge === null || !(await takeChallenge(deps, challenge)) || userId === null) throw opensNothing();
  const passkey = await find(deps, userId, credential.id);
  if (!passkey) throw opensNothing();
  const counter = await verified(deps, passkey, credential, challenge);
  if (counter === null) throw opensNothing();
  const entering = await recognised(deps, arrival, userId);
  const signedIn = await change(deps, { userId, actor: "user" }, async (current) => {
    await count(current, passkey, counter);
    const [user] = await current.tx<UserRow[]>`select ${userColumns(current.tx)} from api.users where id = ${userId}`;
    if (!user) throw opensNothing();
    return beginSession(deps, current, user, entering);
  });
  return { signedIn, mark: markOf(deps, userId, entering.device) };
}

const opensNothing = () =>
  signInNeeded("This passkey opens no account here, or took too long. Try again, or use your password.");

/** The challenge that a credential says it answers; null for what cannot be read. */
function challengeOf({ response }: PasskeySignIn["credential"]): string | null {
  try {
    const data: unknown = JSON.parse(Buffer.from(response.clientDataJSON, "base64url").toString());
    const { challenge } = data as { challenge?: unknown };
    return typeof challenge === "string" ? challenge : null;
  } catch {
    return null;
  }
}

/** Ends a challenge with its first answer, right or wrong; false for one that is over or none of ours. */
async function takeChallenge({ sql, clock }: ApiDeps, challenge: string): Promise<boolean> {
  const taken = await sql`
    delete from api.passkey_sign_ins where challenge_hash = ${challengeHash(challenge)} and expires_at > ${clock.now()}`;
  return taken.count > 0;
}

type Known = { id: string; credential_id: string; public_key: Uint8Array; counter: number; transports: string };

async function find({ sql }: ApiDeps, userId: string, credentialId: string): Promise<Known | undefined> {
  const [row] = await sql<Known[]>`
    select id, credential_id, public_key, counter::float8 as counter, transports from api.passkeys
    where user_id = ${userId} and credential_id = ${credentialId}`;
  return row;
}

/** The authenticator's new counter; null when the signature, site, lock or counter is not right. */
async function verified(
  deps: ApiDeps,
  known: Known,
  credential: PasskeySignIn["credential"],
  challenge: string,
): Promise<number | null> {
  const { id, origin } = partyOf(deps);
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: asAuthentication(credential),
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: true,
      credential: {
        id: known.credential_id,
        publicKey: new Uint8Array(known.public_key),
        counter: known.counter,
        transports: listOf(known.transports),
      },
    });
    return verified ? authenticationInfo.newCounter : null;
  } catch (error) {
    deps.log.debug("a passkey was refused", { reason: refusalOf(error) });
    return null;
  }
}

type Authentication = Parameters<typeof verifyAuthenticationResponse>[0]["response"];

// Sound: the library reads only what the schema holds, and checks the rest by itself.
const asAuthentication = (given: PasskeySignIn["credential"]): Authentication =>
  ({ ...given, clientExtensionResults: {} }) as Authentication;

/** Notes the use; of two answers with one counter one stands, and a removed passkey opens nothing any more. */
async function count({ tx, userId, now }: Change, { id }: Known, counter: number): Promise<void> {
  const used = await tx`
    update api.passkeys set counter = ${counter}, last_used_at = ${now}
    where user_id = ${userId} and id = ${id} and (counter < ${counter} or (counter = 0 and ${counter} = 0))`;
  if (used.count === 0) throw opensNothing();
}
