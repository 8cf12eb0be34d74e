import { daprBus, daprInvoker, openSidecar } from "@carillon/adapters/dapr";
import { databaseNow, followDatabaseClock } from "@carillon/kit/clock";
import { connect } from "@carillon/kit/database";
import { runService, serveDoors } from "@carillon/kit/service";
import { readApiConfig } from "./config.ts";
import { startApi } from "./start.ts";

/** `api` runs and publishes; `api migrate` migrates its schema and exits. */
await runService({
  name: "api",
  environment: Bun.env,
  given: process.argv.slice(2),
  readConfig: readApiConfig,
  schema: { name: "api", url: (config) => config.DATABASE_URL },
  async start(config, host) {
    const sidecar = openSidecar(config, host.log);
    host.stops.push("the watch of the sidecar", sidecar.stop);
    const sql = connect(config.DATABASE_URL, { max: 8, name: "api" });
    host.stops.push("connections", () => sql.end({ timeout: 2 }));
    const time = await followDatabaseClock({ ask: async () => databaseNow(sql), ...host, service: "api" });
    host.stops.push("the clock", time.stop);
    const { names } = config;
    const bus = daprBus({ ...sidecar, pubsub: names.pubsub, topicName: (topic) => names.topics[topic] });
    const { endStreams, ...doors } = await startApi({
      ...host,
      clock: time.clock,
      config,
      sql,
      bus,
      invoke: daprInvoker(sidecar),
      mailGoesOut: null,
      carriers: { sidecar: sidecar.health.sidecar },
    });
    const served = serveDoors(doors, {
      name: "api",
      hostname: config.HOST,
      port: config.API_PORT,
      internalPort: config.API_INTERNAL_PORT,
      log: host.log,
    });
    host.stops.push("the listeners", served.stop, 9_000);
    host.stops.push("open streams", async () => endStreams());
  },
});
