import { SignedIn } from "@carillon/contracts/http/auth";
import { answer, describe, requireNoQuery, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import type { ApiDeps } from "../../deps.ts";
import { bearerOf, signInNeeded } from "../authenticate.ts";
import { countRequest } from "../rate-limit.ts";
import { logged } from "../security-log.ts";
import { type UserRow, userColumns } from "../user.ts";
import { nameSession } from "./open-session.ts";
import { noteUse } from "./session-life.ts";

export const renewSessionRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/auth/renew",
    async ({ request }) => {
      requireNoQuery(request);
      return toResponse(answer(200, await renewSession(deps, request)));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Renew a session in use: the same session, with a new token",
        description:
          "Takes the session's token, also one that has run out. A session lives 7 days after its last use and at most 30 days after sign-in; then, and when it was ended, the answer is 401.",
        tag: "Accounts",
        answers: { 200: SignedIn },
        errors: [422],
      }),
    },
  );

/** Any token of the session will do, for one day is less than a browser may be closed: the row says whether the session lives. */
const beginning = new Date(0);

/** The session under a new token. @throws Problem 401 when it has ended, or for what is no session's token. */
export async function renewSession(deps: ApiDeps, request: Request): Promise<SignedIn> {
  const token = bearerOf(request);
  const claims = token === null ? null : await deps.seals.readSession(token, beginning);
  if (!claims) throw signInNeeded();
  return logged(deps, request, { event: "session renewal", subject: { user_id: claims.userId } }, async () => {
    const life = await noteUse(deps, claims);
    if (!life) throw signInNeeded("This session has ended. Sign in again.");
    // Not before: tokens of ended sessions must not use up what the user's living ones may ask.
    await countRequest(deps, request, claims.userId);
    const [user] = await deps.sql<UserRow[]>`
      select ${userColumns(deps.sql)} from api.users where id = ${claims.userId}`;
    if (!user) throw signInNeeded("This account is gone.");
    return nameSession(deps, user, claims.sessionId, life);
  });
}
