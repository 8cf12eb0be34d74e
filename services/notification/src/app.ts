import { zoneRelease } from "@carillon/calendar/zone";
import { subscribe } from "@carillon/events/consume";
import { databaseHealth } from "@carillon/kit/database";
import { createInternalService, createService, type Probes } from "@carillon/kit/service";
import type { Courier } from "./courier.ts";
import type { NotificationDeps } from "./deps.ts";
import { onAlarmRoute } from "./on-alarm.ts";
import { onReminderEvents } from "./on-reminder-event.ts";
import { onSweepRoutes } from "./on-sweep.ts";

export type AppDeps = Pick<NotificationDeps, "sql" | "log" | "state" | "appToken" | "alarms" | "mailer"> & {
  /** The state of the carriers, as `GET /health` shows it. */
  carriers?: Probes;
  courier: Pick<Courier, "rung" | "sweep" | "plansChanged">;
};

/** notification's public door: health only. */
export const createApp = ({ sql, log, appToken, carriers }: AppDeps) =>
  createService({
    name: "notification",
    log,
    appToken,
    ready: async () => void (await sql`select 1`),
    health: { database: databaseHealth(sql), zones: zoneRelease, ...carriers },
  });

/** notification's internal door, for its sidecar: announcements, alarms, the sweep. */
export const createInternalApp = ({ sql, log, state, appToken, alarms, mailer, courier }: AppDeps) =>
  createInternalService({
    name: "notification",
    log,
    appToken,
    routes: [
      subscribe({
        service: "notification",
        topic: "reminders",
        state,
        log,
        handle: (events) => onReminderEvents({ sql, alarms, mailer, plansChanged: courier.plansChanged }, events),
      }),
      onAlarmRoute({ courier, log }),
      ...onSweepRoutes({ courier }),
    ],
  });
