import { SignedIn, SignUp } from "@carillon/contracts/http/auth";
import { answer, describe, readBody, requireNoQuery, toResponse } from "@carillon/kit/http";
import { invalid, Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import type { ApiDeps } from "../deps.ts";
import { openSession } from "./open-session.ts";
import { emailKeyOf, requireTimeZone, requireWholeCharacters, type UserRow, userColumns } from "./user.ts";

export const signUpRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/signup",
    async ({ request }) => {
      const body = await readBody(request, SignUp);
      requireNoQuery(request);
      return toResponse(answer(201, await signUp(deps, body)));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Make an account and sign in",
        tag: "Accounts",
        body: SignUp,
        answers: { 201: SignedIn },
        errors: [409],
        auth: false,
      }),
    },
  );

/**
 * The new user with a first session.
 * @throws Problem 409 when somebody has this address, whatever its capitals; of two at the same moment one gets it.
 */
export async function signUp(deps: ApiDeps, { email, password, name, time_zone }: SignUp): Promise<SignedIn> {
  const timeZone = time_zone ?? "UTC";
  requireTimeZone(timeZone);
  const emailKey = emailKeyOf(email);
  if (emailKey === null) throw invalid({ pointer: "/email", detail: "must be an e-mail address" });
  requireWholeCharacters(password, "/password");
  const hash = await deps.passwords.hash(password);
  return deps.sql.begin(async (tx) => {
    const [user] = await tx<UserRow[]>`
      insert into api.users (id, email, email_key, name, password_hash, time_zone, created_at)
      values (${deps.newId()}, ${email}, ${emailKey}, ${name ?? ""}, ${hash}, ${timeZone}, ${deps.clock.now()})
      on conflict (email_key) do nothing
      returning ${userColumns(tx)}`;
    if (!user) throw new Problem("conflict", "There is an account with this e-mail address already; sign in instead.");
    return openSession(deps, tx, user);
  });
}
