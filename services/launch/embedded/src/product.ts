import {
  type Door,
  localAlarms,
  localBus,
  localInvoker,
  localState,
  startAlarmClock,
  startDeliveries,
} from "@carillon/adapters/local";
import { startApi } from "@carillon/api/start";
import { startAudit } from "@carillon/audit/start";
import type { ServiceName } from "@carillon/contracts/names";
import type { Database } from "@carillon/host/data-folder";
import { databaseNow, followDatabaseClock } from "@carillon/kit/clock";
import { connect, type SchemaName, type Sql } from "@carillon/kit/database";
import { createLog, type Log } from "@carillon/kit/observe";
import type { Clock } from "@carillon/kit/ports";
import {
  type Doors,
  type Host,
  ownMetricsRoute,
  type Probes,
  type Served,
  type Stops,
  serve,
} from "@carillon/kit/service";
import { pushSignerOf } from "@carillon/notification/channels/push-signer";
import { chooseMailer, type Transport } from "@carillon/notification/choose-mailer";
import { startNotification } from "@carillon/notification/start";
import { liveRoutes } from "@carillon/realtime/live-routes";
import { startRealtime } from "@carillon/realtime/start";
import { startRecurring } from "@carillon/recurring/start";
import { startWeb } from "@carillon/web/start";
import { hosted, type ServiceSettings, type Settings } from "./settings.ts";

export type ProductOptions = {
  settings: Settings;
  services: ServiceSettings;
  database: Database;
  publicUrl: URL;
  /** Where mail is kept without another transport. */
  mailFolder: string;
  /** This machine's time, for comparison: the database's decides. */
  wall: () => Date;
  /** Takes one line of the log. */
  write: (line: string) => void;
  /** Receives what must be undone when the product ends, in the order of its start. */
  stops: Stops;
};

export type Product = {
  /** api's own door, for calls as a user would make them. */
  api: Door;
  /** The mail transport. */
  mail: Transport["name"];
  /** The database's clock. */
  clock: Clock;
};

/**
 * All services in this process, joined by their doors and by the bus on PostgreSQL:
 *
 *     browser ──► web ──► api ──outbox──► relay ──► bus ──► audit                 the history
 *        │                                           ├─────► recurring ──► api     the next occurrence
 *        │                                           ├─────► notification ──► mail the reminder
 *        └─ /stream, /ws ──► realtime ◄──────────────┘                             open pages
 *
 * @throws ConfigError when a port cannot be had.
 */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const { stops, publicUrl, services } = options;
  const floor = await layFloor(options);
  const { host, pool, shared, appToken } = floor;
  const inside: { api?: Door; audit?: Door } = {};
  const invokeAs = (from: ServiceName) => localInvoker({ doors: inside, appToken, from });

  const transport = chooseMailer(services.notification, { folder: options.mailFolder, clock: floor.clock });
  const api = await startApi({
    ...host("api"),
    config: services.api,
    sql: pool("api", 8),
    bus: localBus({ sql: floor.buses }),
    invoke: invokeAs("api"),
    mailGoesOut: transport.name !== "folder",
    carriers: shared.carriers,
  });
  // Through the doors and not over a socket: the same requests, without the network. No internal door
  // listens.
  const fetchApi = async (request: Request): Promise<Response> => api.open.handle(request);
  const fetchInternal = async (request: Request): Promise<Response> => api.internal.handle(request);
  const audit = startAudit({ ...host("audit"), config: services.audit, sql: pool("audit", 4), ...shared });
  Object.assign(inside, { api: api.internal, audit: audit.internal });

  const notification = startNotification({
    ...host("notification"),
    sql: pool("notification", 6),
    invoke: invokeAs("notification"),
    alarms: localAlarms({ sql: floor.alarms, service: "notification" }),
    transport,
    publicUrl,
    outside: { admitted: services.notification.CHANNEL_NETWORKS },
    push: pushSignerOf(services.notification),
    ...shared,
  });
  const recurring = startRecurring({ ...host("recurring"), invoke: invokeAs("recurring"), ...shared });
  const allowedOrigins = () => [publicUrl.origin, ...services.api.CORS_ORIGINS];
  const realtime = startRealtime({ ...host("realtime"), askApi: fetchInternal, allowedOrigins, ...shared });
  const { TRUSTED_PROXIES: trustedProxies, RATE_LIMIT_PER_MINUTE: ratePerMinute } = services.api;
  const asking = { fetchApi, fetchInternal, publicUrl, appToken, trustedProxies, ratePerMinute };
  const web = startWeb({ ...host("web"), ...asking });
  // Browsers find the streams on web's own origin, where their cookie goes.
  web.open.use(liveRoutes(realtime.live));

  await startCarriers(floor, stops, {
    audit: audit.internal,
    recurring: recurring.internal,
    notification: notification.internal,
    realtime: realtime.internal,
  });
  listen(options, { web, api, notification, recurring, audit, realtime }, host);
  // Open streams end first, because they keep their listeners from ending.
  stops.push("open streams", async () => {
    realtime.live.stop();
    api.endStreams();
  });
  return { api: api.open, mail: transport.name, clock: floor.clock };
}

/** The parts that the services share: connections, the database's clock, the state store, the log. */
async function layFloor(options: ProductOptions) {
  const { settings, services, stops } = options;
  const pool = poolsOf(options);
  const logOf = (service: string): Log => createLog({ service, level: settings.LOG_LEVEL, write: options.write });
  const buses = pool("bus", 6);
  const time = await followDatabaseClock({
    ask: async () => databaseNow(buses),
    wall: options.wall,
    service: "every",
    log: logOf("clock"),
  });
  stops.push("the clock", time.stop);
  const { clock } = time;
  const appToken = services.api.APP_API_TOKEN;
  const carriers: Probes = { broker: () => "database" };
  return {
    pool,
    buses,
    alarms: pool("bus", 4),
    clock,
    appToken,
    /** What each consumer gets besides. */
    shared: { state: localState({ sql: pool("state", 2) }), appToken, carriers },
    host: (service: string): Host & { clock: Clock } => ({ clock, stops, log: logOf(service) }),
  };
}

/** The bus and the alarm clock: from now on events and alarms come to the consumers' doors. */
async function startCarriers(
  { buses, alarms, appToken, host }: Awaited<ReturnType<typeof layFloor>>,
  stops: Stops,
  consumers: Record<"audit" | "recurring" | "notification" | "realtime", Door>,
): Promise<void> {
  const deliveries = startDeliveries({ sql: buses, doors: consumers, appToken, ...host("bus") });
  stops.push("the bus", deliveries.stop);
  const { notification } = consumers;
  const clockwork = startAlarmClock({ sql: alarms, doors: { notification }, appToken, ...host("alarms") });
  stops.push("the alarm clock", clockwork.stop);
  await deliveries.ready;
}

/** Creates pools, each of which ends with the product. */
function poolsOf({ database, stops }: ProductOptions): (schema: SchemaName, max: number) => Sql {
  const pools: Sql[] = [];
  stops.push("connections", () => Promise.all(pools.map((sql) => sql.end({ timeout: 2 }))));
  return (schema, max) => {
    const sql = connect(database.urlOf(schema), { max, name: schema });
    pools.push(sql);
    return sql;
  };
}

function listen(
  { settings, stops }: ProductOptions,
  doors: Record<(typeof hosted)[number], Pick<Doors, "open">>,
  host: (service: string) => Host,
): void {
  const listeners: Served[] = [];
  stops.push("listeners", () => Promise.all(listeners.map((served) => served.stop())), 9_000);
  for (const name of hosted) {
    const address = { name, hostname: settings.HOST, port: settings.portOf(name) };
    listeners.push(serve(doors[name].open.use(ownMetricsRoute()), { ...address, log: host(name).log }));
  }
}
