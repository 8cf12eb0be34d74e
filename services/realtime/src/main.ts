import { openSidecar } from "@carillon/adapters/dapr";
import { appTokenHeader } from "@carillon/contracts/names";
import { apiNow, followDatabaseClock } from "@carillon/kit/clock";
import { callerToken, runService, serveDoors } from "@carillon/kit/service";
import { readRealtimeConfig } from "./config.ts";
import { startRealtime } from "./start.ts";

await runService({
  name: "realtime",
  environment: Bun.env,
  given: process.argv.slice(2),
  readConfig: readRealtimeConfig,
  async start(config, host) {
    const { log, stops } = host;
    const sidecar = openSidecar(config, log);
    stops.push("the watch of the sidecar", sidecar.stop);
    const askApi = async (request: Request) => {
      const { pathname, search } = new URL(request.url);
      return fetch(new Request(new URL(pathname + search, config.API_INTERNAL_URL), request));
    };
    const token = callerToken(config.APP_API_TOKEN, "realtime");
    const askTime = async (request: Request): Promise<Response> => {
      request.headers.set(appTokenHeader, token);
      return askApi(request);
    };
    const time = await followDatabaseClock({ ask: apiNow(askTime), ...host, service: "realtime" });
    stops.push("the clock", time.stop);
    const origins = [config.PUBLIC_URL.origin, ...config.CORS_ORIGINS];
    const own = { appToken: config.APP_API_TOKEN, askApi, allowedOrigins: () => origins, carriers: sidecar.health };
    const { live, ...doors } = startRealtime({ ...host, clock: time.clock, ...own });
    const served = serveDoors(doors, {
      name: "realtime",
      hostname: config.HOST,
      port: config.REALTIME_PORT,
      internalPort: config.REALTIME_INTERNAL_PORT,
      log,
    });
    stops.push("the listeners", served.stop, 9_000);
    stops.push("open streams", async () => live.stop());
  },
});
