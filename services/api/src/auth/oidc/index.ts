import { Elysia } from "elysia";
import type { ApiDeps } from "../../deps.ts";
import type { FairQueue } from "../admission/fair-queue.ts";
import { createProviderQueue } from "./ask.ts";
import { createIdentityRoute } from "./create-identity.ts";
import { getProviderRoute } from "./get-provider.ts";
import { listIdentitiesRoute } from "./list-identities.ts";
import { providerSignInRoute } from "./provider-sign-in.ts";
import { removeIdentityRoute } from "./remove-identity.ts";
import { startIdentityRoute } from "./start-identity.ts";
import { startProviderSignInRoute } from "./start-provider-sign-in.ts";

/** Sign-in with an OpenID provider, and the identities there that open an account here. */
export function oidcRoutes(deps: ApiDeps, entrance: FairQueue) {
  const queue = createProviderQueue();
  return new Elysia({ name: "oidc" })
    .use(getProviderRoute(deps))
    .use(startProviderSignInRoute(deps, entrance, queue))
    .use(providerSignInRoute(deps, entrance, queue))
    .use(startIdentityRoute(deps, queue))
    .use(createIdentityRoute(deps, queue))
    .use(listIdentitiesRoute(deps))
    .use(removeIdentityRoute(deps));
}
