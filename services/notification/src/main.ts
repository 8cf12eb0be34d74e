import { ConfigError } from "@carillon/kit/config";
import { createLog } from "@carillon/kit/log";
import { serve } from "@carillon/kit/serve";
import { createApp } from "./app.ts";
import { readNotificationConfig } from "./config.ts";

function start(): void {
  const config = readNotificationConfig(Bun.env);
  const log = createLog({
    service: "notification",
    level: config.LOG_LEVEL,
    write: (line) => process.stdout.write(`${line}\n`),
  });
  const app = createApp({ log, appToken: config.APP_API_TOKEN });
  const served = serve(app, { name: "notification", hostname: config.HOST, port: config.NOTIFICATION_PORT, log });
  const stop = async () => {
    await served.stop();
    process.exit(0);
  };
  process.once("SIGTERM", stop).once("SIGINT", stop);
}

try {
  start();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
