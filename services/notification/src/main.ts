import { join } from "node:path";
import { daprAlarms, daprInvoker, daprState, openSidecar } from "@carillon/adapters/dapr";
import { databaseNow, followDatabaseClock } from "@carillon/kit/clock";
import { connect } from "@carillon/kit/database";
import { runService, serveDoors } from "@carillon/kit/service";
import { followZones } from "@carillon/kit/zones";
import { pushSignerOf } from "./channels/push-signer.ts";
import { chooseMailer } from "./choose-mailer.ts";
import { readNotificationConfig } from "./config.ts";
import { startNotification } from "./start.ts";

/** `notification` runs the service; `notification migrate` migrates its schema and exits. */
await runService({
  name: "notification",
  environment: Bun.env,
  given: process.argv.slice(2),
  readConfig: readNotificationConfig,
  schema: { name: "notification", url: (config) => config.DATABASE_URL },
  async start(config, host) {
    const { log, stops } = host;
    const sidecar = openSidecar(config, log);
    stops.push("the watch of the sidecar", sidecar.stop);
    const sql = connect(config.DATABASE_URL, { max: 6, name: "notification" });
    stops.push("connections", () => sql.end({ timeout: 2 }));
    const { clock, stop } = await followDatabaseClock({
      ask: async () => databaseNow(sql),
      ...host,
      service: "notification",
    });
    stops.push("the clock", stop);
    const carried = {
      invoke: daprInvoker(sidecar),
      alarms: daprAlarms(sidecar),
      state: daprState({ ...sidecar, store: config.STATE_STORE_NAME }),
      carriers: sidecar.health,
    };
    const zones = followZones({ service: "notification", log, ask: (request) => carried.invoke.call("api", request) });
    stops.push("the watch of zone rules", zones.stop);
    zones.start();
    const folder = join(config.DATA_DIR, "mail");
    const transport = chooseMailer(config, { folder, clock });
    const { APP_API_TOKEN: appToken, PUBLIC_URL: publicUrl } = config;
    const channels = { outside: { admitted: config.CHANNEL_NETWORKS }, push: pushSignerOf(config) };
    const doors = startNotification({ ...host, clock, ...carried, sql, transport, appToken, publicUrl, ...channels });
    const served = serveDoors(doors, {
      name: "notification",
      hostname: config.HOST,
      port: config.NOTIFICATION_PORT,
      internalPort: config.NOTIFICATION_INTERNAL_PORT,
      log,
    });
    stops.push("the listeners", served.stop, 9_000);
  },
});
