import type { InternalRoute } from "@carillon/kit/service";
import { auditInternals } from "../audit/index.ts";
import type { ApiDeps } from "../deps.ts";
import { reminderInternals } from "../reminders/index.ts";
import { taskInternals } from "../tasks/index.ts";
import { getZonesRoute } from "../zones/index.ts";
import { changesRoute } from "./changes.ts";
import { endedSessionsRoute } from "./ended-sessions.ts";
import { sessionRoute } from "./session.ts";

/** What neighbours ask of api, each route with whom it answers. */
export const internalRoutes = (deps: ApiDeps): InternalRoute[] => [
  sessionRoute(deps),
  endedSessionsRoute(deps),
  changesRoute(deps),
  getZonesRoute(),
  ...auditInternals(deps),
  ...reminderInternals(deps),
  ...taskInternals(deps),
];
