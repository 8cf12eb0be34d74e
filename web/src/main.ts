import { appTokenHeader } from "@carillon/contracts/names";
import { apiNow, followDatabaseClock } from "@carillon/kit/clock";
import { callerToken, runService, serveDoors } from "@carillon/kit/service";
import { followZones } from "@carillon/kit/zones";
import { askNeighbour } from "./ask-neighbour.ts";
import { readWebConfig } from "./config.ts";
import { startWeb } from "./start.ts";

/** `web` in a process of its own: api and realtime are reached over plain HTTP. */
await runService({
  name: "web",
  environment: Bun.env,
  given: process.argv.slice(2),
  readConfig: readWebConfig,
  async start(config, host) {
    const fetchApi = async (request: Request): Promise<Response> => askNeighbour(config.API_URL, request);
    const fetchInternal = async (request: Request): Promise<Response> => askNeighbour(config.API_INTERNAL_URL, request);
    const own = callerToken(config.APP_API_TOKEN, "web");
    const ask = async (request: Request): Promise<Response> => {
      request.headers.set(appTokenHeader, own);
      return fetchInternal(request);
    };
    const zones = followZones({ service: "web", log: host.log, ask });
    host.stops.push("the watch of zone rules", zones.stop);
    zones.start();
    const time = await followDatabaseClock({ ask: apiNow(ask), ...host, service: "web" });
    host.stops.push("the clock", time.stop);
    const doors = startWeb({
      ...host,
      clock: time.clock,
      fetchApi,
      fetchInternal,
      realtime: async (request) => askNeighbour(config.REALTIME_URL, request),
      publicUrl: config.PUBLIC_URL,
      appToken: config.APP_API_TOKEN,
      ratePerMinute: config.RATE_LIMIT_PER_MINUTE,
      trustedProxies: config.TRUSTED_PROXIES,
    });
    const served = serveDoors(doors, {
      name: "web",
      hostname: config.HOST,
      port: config.WEB_PORT,
      internalPort: config.WEB_INTERNAL_PORT,
      log: host.log,
    });
    host.stops.push("the listeners", served.stop, 9_000);
  },
});
