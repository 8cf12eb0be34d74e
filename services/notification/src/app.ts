import { within } from "@carillon/kit/deadline";
import { createService } from "@carillon/kit/service";
import { subscribe } from "@carillon/kit/subscribe";
import type { Courier } from "./courier.ts";
import type { NotificationDeps } from "./deps.ts";
import { onAlarmRoute } from "./on-alarm.ts";
import { onReminderEvents } from "./on-reminder-event.ts";

export type AppDeps = Pick<NotificationDeps, "sql" | "log" | "state" | "appToken"> & {
  courier: Pick<Courier, "ring" | "sweep" | "plansChanged">;
};

/** notification's one door. */
export const createApp = ({ sql, log, state, appToken, courier }: AppDeps) =>
  createService({
    name: "notification",
    log,
    appToken,
    ready: async () => void (await sql`select 1`),
    health: async () => ({ database: await databaseHealth(sql) }),
  })
    .use(
      subscribe({
        service: "notification",
        topic: "reminders",
        state,
        log,
        handle: (events) => onReminderEvents({ sql, plansChanged: courier.plansChanged }, events),
      }),
    )
    .use(onAlarmRoute({ courier, log }));

async function databaseHealth(sql: AppDeps["sql"]): Promise<string> {
  try {
    await within(1_000, "the database", sql`select 1`);
    return "ok";
  } catch {
    return "away";
  }
}
