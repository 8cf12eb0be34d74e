import { Elysia } from "elysia";
import type { ApiDeps } from "../deps.ts";
import { addressRoutes } from "./address/index.ts";
import { entranceLimits } from "./admission/admit.ts";
import { FairQueue } from "./admission/fair-queue.ts";
import { changePasswordRoute } from "./change-password.ts";
import { eraseMeRoute } from "./erase-me.ts";
import { factorRoutes } from "./factors/index.ts";
import { getMeRoute } from "./get-me.ts";
import { oidcRoutes } from "./oidc/index.ts";
import { passkeyRoutes } from "./passkeys/index.ts";
import { proveAgainRoute } from "./proof/prove-again.ts";
import { sessionRoutes } from "./sessions/index.ts";
import { signInRoute } from "./sign-in.ts";
import { signOutRoute } from "./sign-out.ts";
import { signUpRoute } from "./sign-up.ts";
import { createTokenRoute } from "./tokens/create-token.ts";
import { listTokensRoute } from "./tokens/list-tokens.ts";
import { revokeTokenRoute } from "./tokens/revoke-token.ts";
import { updateMeRoute } from "./update-me.ts";
import { wayBackRoutes } from "./ways-back/index.ts";

export { isProven, noteTransport } from "./address/proof.ts";
export { authenticate, signInNeeded } from "./authenticate.ts";
export type { Caller } from "./caller.ts";
export { corsHeaders } from "./cors.ts";
export { getMe } from "./get-me.ts";
export { createGuard } from "./guard.ts";
export { letterInternals, writeLetter } from "./letters/index.ts";
export { usersRoute } from "./operators/users-route.ts";
export { requireRecentProof } from "./proof/recent-proof.ts";
export { countFeed, countTest } from "./rate-limit.ts";
export { requestClient } from "./request-client.ts";
export { requireScope } from "./scopes/require-scope.ts";
export { allows } from "./scopes/route-scopes.ts";
export { type Swept, sweepExpired } from "./sweep-expired.ts";
export { tokenEnd } from "./tokens/token-row.ts";

/** Accounts, sessions and access tokens. */
export function authRoutes(deps: ApiDeps) {
  const entrance = new FairQueue(entranceLimits);
  return new Elysia({ name: "auth" })
    .use(signUpRoute(deps, entrance))
    .use(signInRoute(deps, entrance))
    .use(factorRoutes(deps, entrance))
    .use(passkeyRoutes(deps, entrance))
    .use(oidcRoutes(deps, entrance))
    .use(signOutRoute(deps))
    .use(sessionRoutes(deps))
    .use(wayBackRoutes(deps, entrance))
    .use(addressRoutes(deps))
    .use(proveAgainRoute(deps))
    .use(getMeRoute(deps))
    .use(updateMeRoute(deps))
    .use(changePasswordRoute(deps))
    .use(eraseMeRoute(deps))
    .use(createTokenRoute(deps))
    .use(listTokensRoute(deps))
    .use(revokeTokenRoute(deps));
}
