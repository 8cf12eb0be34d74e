import { daprInvoker, daprState, openSidecar } from "@carillon/kit/adapters/dapr";
import { mostDeliveryBytes } from "@carillon/kit/consume";
import { runService, serve } from "@carillon/kit/service";
import { createApp } from "./app.ts";
import { readRecurringConfig } from "./config.ts";
import { startSweep } from "./sweep.ts";

await runService({
  name: "recurring",
  environment: Bun.env,
  given: process.argv.slice(2),
  readConfig: readRecurringConfig,
  start(config, { log, stops }) {
    const sidecar = openSidecar(config);
    stops.push("the watch of the sidecar", sidecar.stop);
    const invoke = daprInvoker(sidecar);
    const state = daprState({ ...sidecar, store: config.STATE_STORE_NAME });
    stops.push("the sweep of completions", startSweep({ log, invoke, state }).stop, 6_000);
    const app = createApp({ log, appToken: config.APP_API_TOKEN, invoke, state, health: sidecar.health });
    const listener = {
      name: "recurring",
      hostname: config.HOST,
      port: config.RECURRING_PORT,
      log,
      mostBytes: mostDeliveryBytes,
    };
    const served = serve(app, listener);
    stops.push("the listener", served.stop, 9_000);
  },
});
