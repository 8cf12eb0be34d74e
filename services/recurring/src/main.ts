import { daprInvoker, daprState, openSidecar } from "@carillon/adapters/dapr";
import { mostDeliveryBytes } from "@carillon/events/consume";
import { runService, serveDoors } from "@carillon/kit/service";
import { followZones } from "@carillon/kit/zones";
import { readRecurringConfig } from "./config.ts";
import { startRecurring } from "./start.ts";

await runService({
  name: "recurring",
  environment: Bun.env,
  given: process.argv.slice(2),
  readConfig: readRecurringConfig,
  start(config, host) {
    const { log, stops } = host;
    const sidecar = openSidecar(config, log);
    stops.push("the watch of the sidecar", sidecar.stop);
    const carried = {
      invoke: daprInvoker(sidecar),
      state: daprState({ ...sidecar, store: config.STATE_STORE_NAME }),
      carriers: sidecar.health,
    };
    const zones = followZones({ service: "recurring", log, ask: (request) => carried.invoke.call("api", request) });
    stops.push("the watch of zone rules", zones.stop);
    zones.start();
    const doors = startRecurring({ ...host, ...carried, appToken: config.APP_API_TOKEN });
    const address = {
      name: "recurring",
      hostname: config.HOST,
      port: config.RECURRING_PORT,
      internalPort: config.RECURRING_INTERNAL_PORT,
    };
    stops.push("the listeners", serveDoors(doors, { ...address, log, mostBytes: mostDeliveryBytes }).stop, 9_000);
  },
});
