import type { InternalRoute } from "@carillon/kit/service";
import { Elysia } from "elysia";
import type { ApiDeps } from "../deps.ts";
import { claimRemindersRoute } from "./claim-reminders.ts";
import { listDueRoute } from "./list-due.ts";
import { listNotificationsRoute } from "./list-notifications.ts";
import { reportResultsRoute } from "./report-results.ts";
import { unsubscribeRoute } from "./unsubscribe.ts";

export { endByParts } from "./end-reminders.ts";
export { listNotifications } from "./list-notifications.ts";

/** The delivery of reminders, as their owner sees it. */
export const reminderRoutes = (deps: ApiDeps) => new Elysia({ name: "reminders" }).use(listNotificationsRoute(deps));

/** The delivery of reminders: notification's calls, and how the reader of a mail unsubscribes. */
export const reminderInternals = (deps: ApiDeps): InternalRoute[] => [
  claimRemindersRoute(deps),
  reportResultsRoute(deps),
  listDueRoute(deps),
  unsubscribeRoute(deps),
];
