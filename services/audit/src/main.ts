import { daprState } from "@carillon/kit/adapters/dapr/state";
import { ConfigError } from "@carillon/kit/config";
import { connect } from "@carillon/kit/db";
import { createLog } from "@carillon/kit/log";
import { MigrationError, migrate, migrationFolder } from "@carillon/kit/migrate";
import { serve } from "@carillon/kit/serve";
import { createApp } from "./app.ts";
import { readAuditConfig } from "./config.ts";

/** `audit` serves; `audit migrate` brings its schema up to date and ends. */
async function start(command: string | undefined): Promise<void> {
  if (command !== undefined && command !== "migrate")
    throw new ConfigError(`"${command}" is no command; there is "migrate".`);
  const config = readAuditConfig(Bun.env);
  const log = createLog({
    service: "audit",
    level: config.LOG_LEVEL,
    write: (line) => process.stdout.write(`${line}\n`),
  });
  const sql = connect(config.DATABASE_URL, { max: 6, name: "audit" });
  if (command === "migrate") {
    const applied = await migrate(sql, { schema: "audit", folder: migrationFolder("audit") }).finally(() => sql.end());
    return log.info("migrated", { applied });
  }
  const state = daprState({
    sidecar: new URL(`http://127.0.0.1:${config.DAPR_HTTP_PORT}`),
    store: config.STATE_STORE_NAME,
    daprToken: config.DAPR_API_TOKEN,
    fetch: (request) => fetch(request),
  });
  const app = createApp({ sql, log, state, appToken: config.APP_API_TOKEN });
  const served = serve(app, { name: "audit", hostname: config.HOST, port: config.AUDIT_PORT, log });
  const stop = async () => {
    await served.stop();
    await sql.end({ timeout: 5 });
    process.exit(0);
  };
  process.once("SIGTERM", stop).once("SIGINT", stop);
}

try {
  await start(Bun.argv[2]);
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof MigrationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
