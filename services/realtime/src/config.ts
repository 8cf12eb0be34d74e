import { defaultPorts } from "@carillon/contracts/names";
import {
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
} from "@carillon/kit/config";
import { type LogLevel, logLevels } from "@carillon/kit/observe";

/** realtime's settings. @throws ConfigError with one sentence about the first wrong one. */
export const readRealtimeConfig = (environment: Environment) =>
  readConfig(environment, {
    HOST: text("0.0.0.0"),
    REALTIME_PORT: port(defaultPorts.realtime),
    /** Where api answers, without a path. */
    API_URL: httpOrigin("http://localhost:8000"),
    /** What the sidecar and neighbours prove themselves with, here and at api. */
    APP_API_TOKEN: secret({ min: 16 }),
    /** The product's own address: pages from there may use the session cookie. */
    PUBLIC_URL: httpUrl("http://localhost:3000"),
    /** Further origins that may. */
    CORS_ORIGINS: origins,
    ...sidecarSettings,
    LOG_LEVEL: oneOf<LogLevel>(logLevels, "info"),
  });
