import { Elysia } from "elysia";
import type { ApiDeps } from "../../deps.ts";
import { endOtherSessionsRoute, endSessionRoute } from "./end-sessions.ts";
import { listSessionsRoute } from "./list-sessions.ts";
import { renewSessionRoute } from "./renew-session.ts";

/** Where the user is signed in, and how long. */
export const sessionRoutes = (deps: ApiDeps) =>
  new Elysia({ name: "sessions" })
    .use(renewSessionRoute(deps))
    .use(listSessionsRoute(deps))
    .use(endSessionRoute(deps))
    .use(endOtherSessionsRoute(deps));
