import { type SessionAnswer, SessionQuestion } from "@carillon/contracts/http/sync";
import { answer, readBody, toResponse } from "@carillon/kit/http";
import type { InternalRoute } from "@carillon/kit/service";
import { allows, authenticate, signInNeeded } from "../auth/index.ts";
import type { ApiDeps } from "../deps.ts";

/** For realtime: whose stream may this be? */
export const sessionRoute = (deps: ApiDeps): InternalRoute => ({
  method: "POST",
  path: "/internal/session",
  callers: ["realtime"],
  handle: async ({ request }) => {
    const { token } = await readBody(request, SessionQuestion);
    return toResponse(answer(200, await whoseToken(deps, token)));
  },
});

/** A token's user and expiry; a stream tells of tasks, so a scope that reads them will do. @throws Problem 401 for an invalid token and for another scope. */
export async function whoseToken(deps: ApiDeps, token: string): Promise<SessionAnswer> {
  const credential = await authenticate(deps, token);
  if (typeof credential === "string") throw signInNeeded("This token belongs to no active session.");
  const { caller, expiresAt } = credential;
  if (caller.kind === "token" && !allows(caller.scope, "tasks:read"))
    throw signInNeeded("This access token may not read tasks.");
  return {
    user_id: caller.userId,
    session_id: caller.credentialId,
    expires_at: expiresAt?.toISOString() ?? null,
  };
}
