import { ConfigError } from "@carillon/kit/config";
import { createLog } from "@carillon/kit/log";
import { serve } from "@carillon/kit/serve";
import { createApp } from "./app.ts";
import { readWebConfig } from "./config.ts";
import { pagesPerMinute } from "./limits.ts";

/** `web` as a process of its own: api and realtime are reached over plain HTTP. */
function start(): void {
  const config = readWebConfig(Bun.env);
  const log = createLog({
    service: "web",
    level: config.LOG_LEVEL,
    write: (line) => process.stdout.write(`${line}\n`),
  });
  const app = createApp({
    fetchApi: (request) =>
      fetch(elsewhere(request, config.API_URL), { redirect: "manual", signal: AbortSignal.timeout(5_000) }),
    realtime: (request) =>
      fetch(elsewhere(request, config.REALTIME_URL), { redirect: "manual", signal: request.signal }),
    log,
    clock: { now: () => new Date() },
    publicUrl: config.PUBLIC_URL,
    appToken: config.APP_API_TOKEN,
    maxPagesPerMinute: config.RATE_LIMIT_PER_MINUTE === 0 ? 0 : pagesPerMinute,
    newKey: () => Bun.randomUUIDv7(),
  });
  const served = serve(app, { name: "web", hostname: config.HOST, port: config.WEB_PORT, log });
  const stop = () => void served.stop().then(() => process.exit(0));
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

/** The same request, to another service. */
function elsewhere(request: Request, base: URL): Request {
  const { pathname, search } = new URL(request.url);
  return new Request(new URL(pathname + search, base), request);
}

try {
  start();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
