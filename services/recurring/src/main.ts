import { daprInvoker } from "@carillon/kit/adapters/dapr/invoker";
import { daprState } from "@carillon/kit/adapters/dapr/state";
import { ConfigError } from "@carillon/kit/config";
import { createLog } from "@carillon/kit/log";
import { serve } from "@carillon/kit/serve";
import { createApp } from "./app.ts";
import { readRecurringConfig } from "./config.ts";
import { startSweep } from "./sweep.ts";

function start(): void {
  const config = readRecurringConfig(Bun.env);
  const log = createLog({
    service: "recurring",
    level: config.LOG_LEVEL,
    write: (line) => process.stdout.write(`${line}\n`),
  });
  const toSidecar = {
    sidecar: new URL(`http://127.0.0.1:${config.DAPR_HTTP_PORT}`),
    daprToken: config.DAPR_API_TOKEN,
    fetch: (request: Request) => fetch(request),
  };
  const invoke = daprInvoker(toSidecar);
  const state = daprState({ ...toSidecar, store: config.STATE_STORE_NAME });
  const app = createApp({ log, appToken: config.APP_API_TOKEN, invoke, state });
  const sweep = startSweep({ log, invoke, state });
  const served = serve(app, { name: "recurring", hostname: config.HOST, port: config.RECURRING_PORT, log });
  const stop = async () => {
    await sweep.stop();
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
