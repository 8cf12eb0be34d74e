import { startHousekeeping } from "@carillon/api/housekeeping";
import type { Database } from "@carillon/host/data-folder";
import {
  type Door,
  localAlarms,
  localBus,
  localState,
  startAlarmClock,
  startDeliveries,
} from "@carillon/kit/adapters/local";
import { connect, type SchemaName, type Sql } from "@carillon/kit/database";
import { createLog, type Log } from "@carillon/kit/observe";
import type { Clock } from "@carillon/kit/ports";
import { startRelay } from "@carillon/kit/publish";
import { type Served, type Stops, serve } from "@carillon/kit/service";
import { chooseMailer, type Transport } from "@carillon/notification/choose-mailer";
import { startSweep } from "@carillon/recurring/sweep";
import { createApps } from "./apps.ts";
import { hosted, type ServiceSettings, type Settings } from "./settings.ts";

export type ProductOptions = {
  settings: Settings;
  services: ServiceSettings;
  database: Database;
  publicUrl: URL;
  /** Where mail is kept while no other way is set. */
  mailFolder: string;
  clock: Clock;
  /** Takes one line of the log. */
  write: (line: string) => void;
  /** Gets what is to be undone when the product ends, in the order of its start. */
  stops: Stops;
};

export type Product = {
  /** api's own door, for what is done as a user would do it. */
  api: Door;
  /** What mail goes through. */
  mail: Transport["name"];
};

/**
 * All services in this process, joined by their doors and by the bus on PostgreSQL:
 *
 *     browser ──► web ──► api ──outbox──► relay ──► bus ──► audit                 the history
 *        │                                           ├─────► recurring ──► api     the next occurrence
 *        └─ /stream, /ws ──► realtime ◄──────────────┘                             open pages
 *
 * @throws ConfigError when a port cannot be had.
 */
export async function startProduct({
  settings,
  services,
  database,
  publicUrl,
  mailFolder,
  clock,
  write,
  stops,
}: ProductOptions): Promise<Product> {
  const logOf = (service: string): Log => createLog({ service, level: settings.LOG_LEVEL, write });
  const pools: Sql[] = [];
  stops.push("connections", () => Promise.all(pools.map((sql) => sql.end({ timeout: 2 }))));
  const pool = (schema: SchemaName, max: number): Sql => {
    const sql = connect(database.urlOf(schema), { max, name: schema });
    pools.push(sql);
    return sql;
  };
  const own = { api: pool("api", 8), audit: pool("audit", 4), notification: pool("notification", 6) };
  const sql = { ...own, bus: pool("bus", 6), alarms: pool("bus", 4), state: pool("state", 2) };
  const state = localState({ sql: sql.state, clock });
  const alarms = localAlarms({ sql: sql.alarms, service: "notification" });
  const transport = chooseMailer(services.notification, {
    folder: mailFolder,
    clock,
    fetch: (request) => fetch(request),
  });
  stops.push("the mail transport", async () => transport.close());
  logOf("notification").info("mail goes out", { through: transport.name });
  const made = await createApps({ services, publicUrl, sql, state, alarms, transport, clock, logOf });
  const { apps, live, apiDeps, recurringDeps, courier } = made;

  const bus = localBus({ sql: sql.bus });
  const appToken = services.api.APP_API_TOKEN;
  const deliveries = startDeliveries({ sql: sql.bus, doors: apps, appToken, log: logOf("bus"), clock });
  stops.push("the bus", deliveries.stop);
  const relay = startRelay({ sql: sql.api, schema: "api", bus, log: logOf("relay"), clock });
  stops.push("the relay", relay.stop);
  const ringing = { sql: sql.alarms, doors: { notification: apps.notification }, appToken, log: logOf("alarms") };
  stops.push("the alarm clock", startAlarmClock(ringing).stop);
  courier.start();
  stops.push("mail under way", courier.stop, 4_000);
  stops.push("housekeeping", startHousekeeping(apiDeps).stop);
  stops.push("the sweep of completions", startSweep(recurringDeps).stop);

  const listeners: Served[] = [];
  stops.push("listeners", () => Promise.all(listeners.map((served) => served.stop())), 9_000);
  // Open streams end first: they would keep their listeners from ending.
  stops.push("open streams", async () => live.stop());
  await deliveries.ready;
  for (const name of hosted) {
    listeners.push(serve(apps[name], { name, hostname: settings.HOST, port: settings.portOf(name), log: logOf(name) }));
  }
  return { api: apps.api, mail: transport.name };
}
