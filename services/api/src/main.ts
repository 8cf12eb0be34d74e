import { daprBus, daprInvoker, openSidecar } from "@carillon/kit/adapters/dapr";
import { connect } from "@carillon/kit/database";
import { startRelay } from "@carillon/kit/publish";
import { runService, serve } from "@carillon/kit/service";
import { createApp } from "./app.ts";
import { argonPasswords } from "./auth/password.ts";
import { createSeals } from "./auth/seals.ts";
import { readApiConfig } from "./config.ts";
import type { ApiDeps } from "./deps.ts";
import { startHousekeeping } from "./housekeeping.ts";

const clock = { now: () => new Date() };

/** `api` serves and publishes; `api migrate` brings its schema up to date and ends. */
await runService({
  name: "api",
  environment: Bun.env,
  given: process.argv.slice(2),
  readConfig: readApiConfig,
  schema: { name: "api", url: (config) => config.DATABASE_URL },
  async start(config, { log, stops }) {
    const sidecar = openSidecar(config);
    stops.push("the watch of the sidecar", sidecar.stop);
    const sql = connect(config.DATABASE_URL, { max: 8, name: "api" });
    stops.push("connections", () => sql.end({ timeout: 2 }));
    const names = {
      "task-events": config.TASK_EVENTS_TOPIC,
      reminders: config.REMINDERS_TOPIC,
      "task-updates": config.TASK_UPDATES_TOPIC,
    };
    const bus = daprBus({ ...sidecar, pubsub: config.PUBSUB_NAME, topicName: (topic) => names[topic] });
    const relay = startRelay({ sql, schema: "api", bus, log, clock });
    stops.push("the relay", relay.stop, 6_000);
    const deps: ApiDeps = {
      sql,
      log,
      clock,
      invoke: daprInvoker(sidecar),
      newId: () => Bun.randomUUIDv7(),
      passwords: argonPasswords(),
      seals: await createSeals(config.JWT_SECRET),
      health: async () => ({ ...(await sidecar.health()), broker: relay.stats().brokerAway ? "away" : "ok" }),
      settings: {
        appToken: config.APP_API_TOKEN,
        sessionMinutes: config.JWT_EXPIRATION_MINUTES,
        ratePerMinute: config.RATE_LIMIT_PER_MINUTE,
        corsOrigins: config.CORS_ORIGINS,
      },
    };
    stops.push("housekeeping", startHousekeeping(deps).stop);
    const served = serve(createApp(deps), { name: "api", hostname: config.HOST, port: config.API_PORT, log });
    stops.push("the listener", served.stop, 9_000);
  },
});
