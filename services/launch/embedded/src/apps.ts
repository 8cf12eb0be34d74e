import { createApp as createApi } from "@carillon/api/app";
import { argonPasswords } from "@carillon/api/auth/password";
import { createSeals } from "@carillon/api/auth/seals";
import type { ApiDeps } from "@carillon/api/deps";
import { createApp as createAudit } from "@carillon/audit/app";
import { type Door, localInvoker } from "@carillon/kit/adapters/local";
import type { Sql } from "@carillon/kit/database";
import type { Log } from "@carillon/kit/observe";
import type { Alarms, Clock, State } from "@carillon/kit/ports";
import { createApp as createNotification } from "@carillon/notification/app";
import type { Transport } from "@carillon/notification/choose-mailer";
import { createCourier } from "@carillon/notification/courier";
import type { NotificationDeps } from "@carillon/notification/deps";
import { createApp as createRealtime } from "@carillon/realtime/app";
import { createLive } from "@carillon/realtime/live";
import { liveRoutes } from "@carillon/realtime/live-routes";
import { createApp as createRecurring, type RecurringDeps } from "@carillon/recurring/app";
import { createApp as createWeb } from "@carillon/web/app";
import { pagesPerMinute } from "@carillon/web/limits";
import type { Hosted, ServiceSettings } from "./settings.ts";

export type AppsOptions = {
  services: ServiceSettings;
  publicUrl: URL;
  sql: { api: Sql; audit: Sql; notification: Sql };
  state: State;
  /** notification's own. */
  alarms: Alarms;
  transport: Transport;
  clock: Clock;
  logOf: (service: Hosted) => Log;
};

/** Every service's door, each with what it needs from outside: its own connections and log, and its neighbours' doors. */
export async function createApps(options: AppsOptions) {
  const { services, publicUrl, sql, state, clock, logOf } = options;
  const appToken = services.api.APP_API_TOKEN;
  const doors: Partial<Record<Hosted, Door>> = {};
  const invoke = localInvoker({ doors, appToken });
  const newId = () => Bun.randomUUIDv7();

  const apiDeps: ApiDeps = {
    sql: sql.api,
    log: logOf("api"),
    clock,
    invoke,
    newId,
    passwords: argonPasswords(),
    seals: await createSeals(services.api.JWT_SECRET),
    health: async () => ({ sidecar: "none", broker: "database" }),
    settings: {
      appToken,
      sessionMinutes: services.api.JWT_EXPIRATION_MINUTES,
      ratePerMinute: services.api.RATE_LIMIT_PER_MINUTE,
      corsOrigins: services.api.CORS_ORIGINS,
    },
  };
  const api = createApi(apiDeps);
  const audit = createAudit({ sql: sql.audit, log: logOf("audit"), state, appToken });

  // Through the door and not over a socket: the same request, without the network.
  const askApi = async (request: Request): Promise<Response> => api.handle(request);
  const allowedOrigins = () => [publicUrl.origin, ...services.api.CORS_ORIGINS];
  const liveDeps = { log: logOf("realtime"), clock, appToken, askApi, allowedOrigins };
  const live = createLive(liveDeps);
  const realtime = createRealtime({ ...liveDeps, state, live });
  // Browsers find the streams on web's own origin, where their cookie goes.
  const web = createWeb({
    fetchApi: askApi,
    log: logOf("web"),
    clock,
    publicUrl,
    appToken,
    maxPagesPerMinute: services.api.RATE_LIMIT_PER_MINUTE === 0 ? 0 : pagesPerMinute,
    newKey: newId,
  }).use(liveRoutes(live));

  const recurringDeps: RecurringDeps = { log: logOf("recurring"), appToken, invoke, state };
  const recurring = createRecurring(recurringDeps);
  const { courier, notification } = notificationOf(options, { appToken, invoke, newId });

  const apps = { web, api, notification, recurring, audit, realtime };
  Object.assign(doors, apps);
  return { apps, live, apiDeps, recurringDeps, courier };
}

/** notification's door, and its work that no request waits for. */
function notificationOf(
  { sql, state, clock, logOf, alarms, transport, publicUrl }: AppsOptions,
  shared: Pick<NotificationDeps, "appToken" | "invoke" | "newId">,
) {
  const { mailer, width } = transport;
  const own = { sql: sql.notification, log: logOf("notification"), state, clock, alarms, mailer, width, publicUrl };
  const deps: NotificationDeps = { ...own, ...shared };
  const courier = createCourier(deps);
  return { courier, notification: createNotification({ ...deps, courier }) };
}
