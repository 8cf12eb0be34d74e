import { daprState, openSidecar } from "@carillon/kit/adapters/dapr";
import { mostDeliveryBytes } from "@carillon/kit/consume";
import { connect } from "@carillon/kit/database";
import { runService, serve } from "@carillon/kit/service";
import { createApp } from "./app.ts";
import { readAuditConfig } from "./config.ts";

/** `audit` serves; `audit migrate` brings its schema up to date and ends. */
await runService({
  name: "audit",
  environment: Bun.env,
  given: process.argv.slice(2),
  readConfig: readAuditConfig,
  schema: { name: "audit", url: (config) => config.DATABASE_URL },
  start(config, { log, stops }) {
    const sidecar = openSidecar(config);
    stops.push("the watch of the sidecar", sidecar.stop);
    const sql = connect(config.DATABASE_URL, { max: 6, name: "audit" });
    stops.push("connections", () => sql.end({ timeout: 2 }));
    const state = daprState({ ...sidecar, store: config.STATE_STORE_NAME });
    const app = createApp({ sql, log, state, appToken: config.APP_API_TOKEN, health: sidecar.health });
    const listener = {
      name: "audit",
      hostname: config.HOST,
      port: config.AUDIT_PORT,
      log,
      mostBytes: mostDeliveryBytes,
    };
    const served = serve(app, listener);
    stops.push("the listener", served.stop, 9_000);
  },
});
