import { daprState, openSidecar } from "@carillon/adapters/dapr";
import { mostDeliveryBytes } from "@carillon/events/consume";
import { connect } from "@carillon/kit/database";
import { runService, serveDoors } from "@carillon/kit/service";
import { readAuditConfig } from "./config.ts";
import { sealOlder } from "./seal-older.ts";
import { startAudit } from "./start.ts";

/** `audit` runs the service; `audit migrate` migrates its schema and exits. */
await runService({
  name: "audit",
  environment: Bun.env,
  given: process.argv.slice(2),
  readConfig: readAuditConfig,
  schema: { name: "audit", url: (config) => config.DATABASE_URL, migrated: sealOlder },
  start(config, host) {
    const { log, stops } = host;
    const sidecar = openSidecar(config, log);
    stops.push("the watch of the sidecar", sidecar.stop);
    const sql = connect(config.DATABASE_URL, { max: 6, name: "audit" });
    stops.push("connections", () => sql.end({ timeout: 2 }));
    const state = daprState({ ...sidecar, store: config.STATE_STORE_NAME });
    const doors = startAudit({ ...host, config, sql, state, appToken: config.APP_API_TOKEN, carriers: sidecar.health });
    const address = {
      name: "audit",
      hostname: config.HOST,
      port: config.AUDIT_PORT,
      internalPort: config.AUDIT_INTERNAL_PORT,
    };
    stops.push("the listeners", serveDoors(doors, { ...address, log, mostBytes: mostDeliveryBytes }).stop, 9_000);
  },
});
