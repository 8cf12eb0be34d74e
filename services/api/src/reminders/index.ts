import { Elysia } from "elysia";
import type { ApiDeps } from "../deps.ts";
import { claimRemindersRoute } from "./claim-reminders.ts";
import { listDueRoute } from "./list-due.ts";
import { listNotificationsRoute } from "./list-notifications.ts";
import { reportResultsRoute } from "./report-results.ts";
import { unsubscribeRoute } from "./unsubscribe.ts";

/** How reminders are delivered: what notification asks and reports, and what their owner sees of it. */
export const reminderRoutes = (deps: ApiDeps) =>
  new Elysia({ name: "reminders" })
    .use(claimRemindersRoute(deps))
    .use(reportResultsRoute(deps))
    .use(listDueRoute(deps))
    .use(unsubscribeRoute(deps))
    .use(listNotificationsRoute(deps));
