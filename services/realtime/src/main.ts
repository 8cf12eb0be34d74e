import { ConfigError } from "@carillon/kit/config";
import { createLog } from "@carillon/kit/log";
import type { State } from "@carillon/kit/ports";
import { serve } from "@carillon/kit/serve";
import { createApp } from "./app.ts";
import { readRealtimeConfig } from "./config.ts";
import { createLive } from "./live.ts";

/** An update for a screen is never tried again and never parked, so a note about its failure would have no reader. */
const noNotes: State = { get: async () => null, set: async () => true, delete: async () => {} };

function start(): void {
  const config = readRealtimeConfig(Bun.env);
  const log = createLog({
    service: "realtime",
    level: config.LOG_LEVEL,
    write: (line) => process.stdout.write(`${line}\n`),
  });
  const clock = { now: () => new Date() };
  const askApi = (request: Request) => {
    const { pathname, search } = new URL(request.url);
    return fetch(new Request(new URL(pathname + search, config.API_URL), request));
  };
  const origins = [config.PUBLIC_URL.origin, ...config.CORS_ORIGINS];
  const deps = { log, clock, appToken: config.APP_API_TOKEN, askApi, allowedOrigins: () => origins };
  const live = createLive(deps);
  const served = serve(createApp({ ...deps, state: noNotes, live }), {
    name: "realtime",
    hostname: config.HOST,
    port: config.REALTIME_PORT,
    log,
  });
  const stop = async () => {
    live.stop();
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
