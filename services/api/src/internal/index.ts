import { Elysia } from "elysia";
import type { ApiDeps } from "../deps.ts";
import { changesRoute } from "./changes.ts";
import { endedSessionsRoute } from "./ended-sessions.ts";
import { sessionRoute } from "./session.ts";

/** What neighbours ask; the service's guard demands the app token. */
export const internalRoutes = (deps: ApiDeps) =>
  new Elysia({ name: "internal" }).use(sessionRoute(deps)).use(endedSessionsRoute(deps)).use(changesRoute(deps));
