import { defaultInternalPorts, defaultPorts } from "@carillon/contracts/names";
import {
  besides,
  type Environment,
  httpOrigin,
  httpUrl,
  oneOf,
  origins,
  port,
  readConfig,
  secret,
  sidecarSettings,
  text,
  unless,
} from "@carillon/kit/config";
import { type LogLevel, logLevels } from "@carillon/kit/observe";

/** realtime's settings. @throws ConfigError with one sentence about the first wrong one. */
export function readRealtimeConfig(environment: Environment) {
  const config = readConfig(environment, {
    HOST: text("0.0.0.0"),
    REALTIME_PORT: port(defaultPorts.realtime),
    /** For the sidecar, neighbours and Prometheus. */
    REALTIME_INTERNAL_PORT: port(defaultInternalPorts.realtime),
    /** The address of api, without a path. */
    API_URL: httpOrigin("http://localhost:8000"),
    /** api's internal door; without it, the usual port beside API_URL. */
    API_INTERNAL_URL: unless(httpOrigin()),
    /** The token that the sidecar and neighbours present, here and at api. */
    APP_API_TOKEN: secret({ min: 16 }),
    /** The product's own address: pages from there may use the session cookie. */
    PUBLIC_URL: httpUrl("http://localhost:3000"),
    /** Further origins that may use it. */
    CORS_ORIGINS: origins,
    ...sidecarSettings,
    LOG_LEVEL: oneOf<LogLevel>(logLevels, "info"),
  });
  return { ...config, API_INTERNAL_URL: config.API_INTERNAL_URL ?? besides(config.API_URL, defaultInternalPorts.api) };
}
