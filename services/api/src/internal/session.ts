import { type SessionAnswer, SessionQuestion } from "@carillon/contracts/http/sync";
import { answer, readBody, toResponse } from "@carillon/kit/http";
import type { InternalRoute } from "@carillon/kit/service";
import { authenticate, signInNeeded } from "../auth/index.ts";
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

/** A token's user and expiry; a stream only reads, so any scope will do. @throws Problem 401 for an invalid token. */
export async function whoseToken(deps: ApiDeps, token: string): Promise<SessionAnswer> {
  const credential = await authenticate(deps, token);
  if (!credential) throw signInNeeded("This token belongs to no active session.");
  const { caller, expiresAt } = credential;
  return {
    user_id: caller.userId,
    session_id: caller.credentialId,
    expires_at: expiresAt?.toISOString() ?? null,
  };
}
