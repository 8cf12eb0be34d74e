import { join } from "node:path";
import { daprAlarms, daprInvoker, daprState, openSidecar } from "@carillon/kit/adapters/dapr";
import { connect } from "@carillon/kit/database";
import { runService, serve } from "@carillon/kit/service";
import { createApp } from "./app.ts";
import { chooseMailer } from "./choose-mailer.ts";
import { readNotificationConfig } from "./config.ts";
import { createCourier } from "./courier.ts";
import type { NotificationDeps } from "./deps.ts";

const clock = { now: () => new Date() };

/** `notification` serves; `notification migrate` brings its schema up to date and ends. */
await runService({
  name: "notification",
  environment: Bun.env,
  given: process.argv.slice(2),
  readConfig: readNotificationConfig,
  schema: { name: "notification", url: (config) => config.DATABASE_URL },
  start(config, { log, stops }) {
    const sidecar = openSidecar(config);
    stops.push("the watch of the sidecar", sidecar.stop);
    const sql = connect(config.DATABASE_URL, { max: 6, name: "notification" });
    stops.push("connections", () => sql.end({ timeout: 2 }));
    const folder = join(config.DATA_DIR, "mail");
    const { mailer, width, name, close } = chooseMailer(config, { folder, clock, fetch: (request) => fetch(request) });
    stops.push("the mail transport", async () => close());
    log.info("mail goes out", { through: name });
    const deps: NotificationDeps = {
      sql,
      log,
      clock,
      invoke: daprInvoker(sidecar),
      alarms: daprAlarms(sidecar),
      state: daprState({ ...sidecar, store: config.STATE_STORE_NAME }),
      mailer,
      width,
      appToken: config.APP_API_TOKEN,
      publicUrl: config.PUBLIC_URL,
      newId: () => Bun.randomUUIDv7(),
    };
    const courier = createCourier(deps);
    stops.push("mail under way", courier.stop, 6_000);
    const app = createApp({ ...deps, courier, health: sidecar.health });
    const served = serve(app, { name: "notification", hostname: config.HOST, port: config.NOTIFICATION_PORT, log });
    stops.push("the listener", served.stop, 9_000);
    courier.start();
  },
});
