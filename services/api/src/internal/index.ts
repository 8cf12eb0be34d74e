import type { InternalRoute } from "@carillon/kit/service";
import { auditInternals } from "../audit/index.ts";
import { letterInternals, usersRoute } from "../auth/index.ts";
import { channelInternals } from "../channels/index.ts";
import type { ApiDeps } from "../deps.ts";
import { mailInternals } from "../mail/index.ts";
import { reminderInternals } from "../reminders/index.ts";
import { taskInternals } from "../tasks/index.ts";
import { getZonesRoute } from "../zones/index.ts";
import { changesRoute } from "./changes.ts";
import { clockRoute } from "./clock.ts";
import { endedSessionsRoute } from "./ended-sessions.ts";
import { sessionRoute } from "./session.ts";

/** The routes for neighbours, each with the callers it admits. */
export const internalRoutes = (deps: ApiDeps): InternalRoute[] => [
  sessionRoute(deps),
  endedSessionsRoute(deps),
  changesRoute(deps),
  clockRoute(deps),
  getZonesRoute(),
  usersRoute(deps),
  ...letterInternals(deps),
  ...mailInternals(deps),
  ...auditInternals(deps),
  ...reminderInternals(deps),
  ...channelInternals(deps),
  ...taskInternals(deps),
];
