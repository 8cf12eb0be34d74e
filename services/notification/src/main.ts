import { join } from "node:path";
import { daprAlarms } from "@carillon/kit/adapters/dapr/alarms";
import { daprInvoker } from "@carillon/kit/adapters/dapr/invoker";
import { daprState } from "@carillon/kit/adapters/dapr/state";
import { ConfigError } from "@carillon/kit/config";
import { connect, type Sql } from "@carillon/kit/db";
import { createLog, type Log } from "@carillon/kit/log";
import { MigrationError, migrate, migrationFolder } from "@carillon/kit/migrate";
import { serve } from "@carillon/kit/serve";
import { createApp } from "./app.ts";
import { chooseMailer } from "./choose-mailer.ts";
import { type NotificationConfig, readNotificationConfig } from "./config.ts";
import { createCourier } from "./courier.ts";
import type { NotificationDeps } from "./deps.ts";

const clock = { now: () => new Date() };

/** `notification` serves; `notification migrate` brings its schema up to date and ends. */
async function start(command: string | undefined): Promise<void> {
  if (command !== undefined && command !== "migrate")
    throw new ConfigError(`"${command}" is no command; there is "migrate".`);
  const config = readNotificationConfig(Bun.env);
  const log = createLog({
    service: "notification",
    level: config.LOG_LEVEL,
    write: (line) => process.stdout.write(`${line}\n`),
  });
  const sql = connect(config.DATABASE_URL, { max: 6, name: "notification" });
  if (command === "migrate") {
    const own = { schema: "notification", folder: migrationFolder("notification") } as const;
    const applied = await migrate(sql, own).finally(() => sql.end());
    return log.info("migrated", { applied });
  }
  const { deps, close } = depsOf(config, sql, log);
  const courier = createCourier(deps);
  const app = createApp({ ...deps, courier });
  const served = serve(app, { name: "notification", hostname: config.HOST, port: config.NOTIFICATION_PORT, log });
  courier.start();
  const stop = async () => {
    await served.stop();
    await courier.stop();
    close();
    await sql.end({ timeout: 5 });
    process.exit(0);
  };
  process.once("SIGTERM", stop).once("SIGINT", stop);
}

function depsOf(config: NotificationConfig, sql: Sql, log: Log): { deps: NotificationDeps; close(): void } {
  const toSidecar = {
    sidecar: new URL(`http://127.0.0.1:${config.DAPR_HTTP_PORT}`),
    daprToken: config.DAPR_API_TOKEN,
    fetch: (request: Request) => fetch(request),
  };
  const folder = join(config.DATA_DIR, "mail");
  const { mailer, width, name, close } = chooseMailer(config, { folder, clock, fetch: toSidecar.fetch });
  log.info("mail goes out", { through: name });
  const deps = {
    sql,
    log,
    clock,
    invoke: daprInvoker(toSidecar),
    alarms: daprAlarms(toSidecar),
    state: daprState({ ...toSidecar, store: config.STATE_STORE_NAME }),
    mailer,
    width,
    appToken: config.APP_API_TOKEN,
    publicUrl: config.PUBLIC_URL,
    newId: () => Bun.randomUUIDv7(),
  };
  return { deps, close };
}

try {
  await start(Bun.argv[2]);
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof MigrationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
