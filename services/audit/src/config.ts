import { defaultPorts } from "@carillon/contracts/names";
import {
  type Environment,
  oneOf,
  port,
  postgresUrl,
  readConfig,
  secret,
  sidecarSettings,
  text,
} from "@carillon/kit/config";
import { type LogLevel, logLevels } from "@carillon/kit/observe";

/** audit's settings. @throws ConfigError with one sentence about the first wrong one. */
export const readAuditConfig = (environment: Environment) =>
  readConfig(environment, {
    HOST: text("0.0.0.0"),
    AUDIT_PORT: port(defaultPorts.audit),
    /** The database whose schema `audit` is this service's own. */
    DATABASE_URL: postgresUrl,
    /** What the sidecar and neighbours prove themselves with. */
    APP_API_TOKEN: secret({ min: 16 }),
    ...sidecarSettings,
    STATE_STORE_NAME: text("statestore"),
    LOG_LEVEL: oneOf<LogLevel>(logLevels, "info"),
  });
