import { openSidecar } from "@carillon/kit/adapters/dapr";
import type { State } from "@carillon/kit/ports";
import { runService, serve } from "@carillon/kit/service";
import { createApp } from "./app.ts";
import { readRealtimeConfig } from "./config.ts";
import { createLive } from "./live.ts";

/** An update for a screen is never tried again and never parked, so a note about its failure would have no reader. */
const noNotes: State = { get: async () => null, set: async () => true, delete: async () => {} };

await runService({
  name: "realtime",
  environment: Bun.env,
  given: process.argv.slice(2),
  readConfig: readRealtimeConfig,
  start(config, { log, stops }) {
    const sidecar = openSidecar(config);
    stops.push("the watch of the sidecar", sidecar.stop);
    const askApi = (request: Request) => {
      const { pathname, search } = new URL(request.url);
      return fetch(new Request(new URL(pathname + search, config.API_URL), request));
    };
    const origins = [config.PUBLIC_URL.origin, ...config.CORS_ORIGINS];
    const clock = { now: () => new Date() };
    const deps = { log, clock, appToken: config.APP_API_TOKEN, askApi, allowedOrigins: () => origins };
    const live = createLive(deps);
    const app = createApp({ ...deps, state: noNotes, live, health: sidecar.health });
    const served = serve(app, { name: "realtime", hostname: config.HOST, port: config.REALTIME_PORT, log });
    stops.push("the listener", served.stop, 9_000);
    // Open streams end first: they would keep the listener from ending.
    stops.push("open streams", async () => live.stop());
  },
});
