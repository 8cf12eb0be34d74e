import { Elysia } from "elysia";
import type { ApiDeps } from "../../deps.ts";
import type { FairQueue } from "../admission/fair-queue.ts";
import { confirmTotpRoute } from "./confirm-totp.ts";
import { getTotpRoute } from "./get-totp.ts";
import { removeTotpRoute } from "./remove-totp.ts";
import { secondStepRoute } from "./second-step.ts";
import { startTotpRoute } from "./start-totp.ts";

/** What sign-in asks for besides the password. */
export const factorRoutes = (deps: ApiDeps, entrance: FairQueue) =>
  new Elysia({ name: "second factors" })
    .use(secondStepRoute(deps, entrance))
    .use(getTotpRoute(deps))
    .use(startTotpRoute(deps))
    .use(confirmTotpRoute(deps))
    .use(removeTotpRoute(deps));
