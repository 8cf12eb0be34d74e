import { createInternalApp as createInternalApi } from "@carillon/api/app";
import { depsForTests } from "@carillon/api/testing/deps";
import { startAudit } from "@carillon/audit/start";
import type { ServiceName } from "@carillon/contracts/names";
import { connect } from "@carillon/kit/database";
import { silentLog } from "@carillon/kit/observe";
import type { State } from "@carillon/kit/ports";
import { createStops } from "@carillon/kit/service";
import {
  createInternalApp as createInternalNotification,
  createApp as createNotification,
} from "@carillon/notification/app";
import { startRealtime } from "@carillon/realtime/start";
import { createInternalApp as createInternalRecurring, createApp as createRecurring } from "@carillon/recurring/app";

export const appToken = "an-app-token-of-these-tests";

/** A request's path, with a value in place of each parameter. */
export type Address = { service: ServiceName; method: string; path: string };

const state: State = { get: async () => null, set: async () => true, delete: async () => {} };
const clock = { now: () => new Date() };

/** What stands behind the doors: a database, and how neighbours answer. */
export type Behind = { databaseUrl: string; neighbour: () => Promise<Response> };

const nothing: Behind = {
  databaseUrl: "postgres://unknown@127.0.0.1:1/nowhere",
  neighbour: async () => new Response(null, { status: 503 }),
};

/**
 * The internal doors of all services, and the open doors of those without an API, without a network.
 * By default what is behind a door is away, so a request that gets through ends as 503, 422 or
 * similar, and never as 401, 403 or 404.
 */
export async function openInternalDoors({ databaseUrl, neighbour }: Behind = nothing) {
  const sql = connect(databaseUrl, { max: 1, name: "unknown" });
  const stops = createStops();
  const shared = { log: silentLog, clock, stops, appToken, state };
  const invoke = { call: neighbour };
  const courier = { rung: () => {}, sweep: () => {}, plansChanged: () => {} };
  const realtime = startRealtime({ ...shared, askApi: neighbour, allowedOrigins: () => ["https://carillon.example"] });
  const alarms = { set: async () => {}, clear: async () => {} };
  const mailer = { send: async () => ({ messageId: "<none@example.com>" }) };
  const audit = startAudit({ ...shared, sql, config: { AUDIT_KEY: "k".repeat(32), AUDIT_OLD_KEY: null } });
  const open = {
    audit: audit.open,
    notification: createNotification({ ...shared, sql, courier, alarms, mailer }),
    realtime: realtime.open,
    recurring: createRecurring({ ...shared, invoke }),
  };
  const doors = {
    api: createInternalApi(
      await depsForTests({ sql, clock, databaseNow: async () => clock.now(), invoke, settings: { appToken } }),
    ),
    audit: audit.internal,
    notification: createInternalNotification({ ...shared, sql, courier, alarms, mailer }),
    realtime: realtime.internal,
    recurring: createInternalRecurring({ ...shared, invoke }),
  };
  const routes = Object.entries(doors).flatMap(([service, { routes: own }]) =>
    own
      .filter(({ path }) => path !== "/metrics")
      .map(({ method, path }) => ({ service: service as keyof typeof doors, method, path: filled(path) })),
  );
  return {
    doors,
    open,
    routes,
    async close() {
      realtime.live.stop();
      await sql.end({ timeout: 1 });
    },
  };
}

const filled = (path: string): string =>
  path.replace(/:\w+/g, "018f0000-0000-7000-8000-000000000000").replace("*", "rem-x");
