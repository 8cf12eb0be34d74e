import { zoneRelease } from "@carillon/calendar/zone";
import { SignedIn, SignUp } from "@carillon/contracts/http/auth";
import { deviceHeader } from "@carillon/contracts/names";
import type { Tx } from "@carillon/kit/database";
import { answer, describe, readBody, requireNoQuery, toResponse } from "@carillon/kit/http";
import { invalid, Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import type { ApiDeps } from "../deps.ts";
import { isProven, unprovenDays } from "./address/proof.ts";
import { type Arrival, admitSignUp, arrivalOf } from "./admission/admit.ts";
import { deviceMarkMeaning, markOf } from "./admission/device-mark.ts";
import type { FairQueue } from "./admission/fair-queue.ts";
import { rememberAddress } from "./admission/known-address.ts";
import { writeLetter } from "./letters/write-letter.ts";
import { logged } from "./security-log.ts";
import { openSession } from "./sessions/open-session.ts";
import { accountOf, emailKeyOf, requireStrongPassword, requireTimeZone, type UserRow, userColumns } from "./user.ts";

export const signUpRoute = (deps: ApiDeps, entrance: FairQueue) =>
  new Elysia().post(
    "/api/signup",
    async ({ request }) => {
      const body = await readBody(request, SignUp);
      requireNoQuery(request);
      const subject = { account: accountOf(deps, body.email) };
      const known = ({ user }: SignedIn) => ({ user_id: user.id });
      const made = await logged(deps, request, { event: "sign-up", subject, known }, async () =>
        signUp(deps, arrivalOf(deps, request), entrance, body),
      );
      return toResponse(answer(201, made, { [deviceHeader]: markOf(deps, made.user.id, null) }));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Create an account and sign in",
        tag: "Accounts",
        body: SignUp,
        answers: { 201: SignedIn },
        errors: [409],
        answerHeaders: { [deviceHeader]: deviceMarkMeaning },
        auth: false,
      }),
    },
  );

/**
 * The new user with a first session; a mail asks for the proof of the address.
 * @throws Problem 409 when the address is taken, ignoring case; of two simultaneous sign-ups one
 * gets it.
 */
export async function signUp(deps: ApiDeps, arrival: Arrival, entrance: FairQueue, body: SignUp): Promise<SignedIn> {
  const { password, name } = body;
  const email = body.email.trim();
  const timeZone = body.time_zone ?? "UTC";
  requireTimeZone(timeZone);
  const emailKey = emailKeyOf(email);
  if (emailKey === null) throw invalid({ pointer: "/email", detail: "must be an e-mail address" });
  requireStrongPassword(password, { email, pointer: "/password" });
  const caller = await entrance.run(arrival.caller, () => admitSignUp(deps, arrival));
  const hash = await deps.passwords.hash(password, caller);
  const now = deps.clock.now();
  return deps.sql.begin(async (tx) => {
    const make = async (keys: { emailKey: string | null; claimedKey: string | null }) => {
      const [made] = await tx<UserRow[]>`
        insert into api.users (id, email, email_key, claimed_key, name, password_hash, time_zone, days_zone, zone_release,
          language, created_at)
        values (${deps.newId()}, ${email}, ${keys.emailKey}, ${keys.claimedKey}, ${name ?? ""}, ${hash}, ${timeZone},
          ${timeZone}, ${zoneRelease()}, ${arrival.language}, ${now})
        on conflict (email_key) do nothing
        returning ${userColumns(tx)}`;
      return made;
    };
    const user =
      (await make({ emailKey, claimedKey: null })) ??
      ((await isLeft(tx, emailKey, now)) ? await make({ emailKey: null, claimedKey: emailKey }) : undefined);
    if (!user) throw new Problem("conflict", "There is already an account with this e-mail address; sign in instead.");
    await rememberAddress(deps, { tx, userId: user.id, now }, arrival.client.address);
    if (!user.email_verified) await writeLetter({ tx, userId: user.id, now, newId: deps.newId }, "verify");
    return openSession(deps, tx, user, { client: arrival.name, address: arrival.client.address });
  });
}

/**
 * True when the account of an address has not proven it within seven days: it does not keep the address from one that will. The new
 * account signs in by it once it has.
 */
async function isLeft(tx: Tx, emailKey: string, now: Date): Promise<boolean> {
  const left = await tx`
    select from api.users u where email_key = ${emailKey} and not ${isProven(tx, "u")}
      and created_at <= ${now}::timestamptz - make_interval(days => ${unprovenDays})`;
  return left.count > 0;
}
