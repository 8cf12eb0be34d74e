import { defaultInternalPorts, defaultPorts } from "@carillon/contracts/names";
import {
  type Environment,
  oneOf,
  platformName,
  port,
  postgresUrl,
  readConfig,
  secret,
  sidecarSettings,
  text,
  unless,
} from "@carillon/kit/config";
import { type LogLevel, logLevels } from "@carillon/kit/observe";

/** audit's settings. @throws ConfigError with one sentence about the first wrong one. */
export const readAuditConfig = (environment: Environment) =>
  readConfig(environment, {
    HOST: text("0.0.0.0"),
    AUDIT_PORT: port(defaultPorts.audit),
    /** For the sidecar, neighbours and Prometheus. */
    AUDIT_INTERNAL_PORT: port(defaultInternalPorts.audit),
    /** The database whose schema `audit` is this service's own. */
    DATABASE_URL: postgresUrl,
    /** The token that the sidecar and neighbours present. */
    APP_API_TOKEN: secret({ min: 16 }),
    /** The key that seals entries; it is in no database. Without it nothing in the history can be proved. */
    AUDIT_KEY: secret({ min: 32 }),
    /** The previous key, as long as histories sealed with it are kept. */
    AUDIT_OLD_KEY: unless(secret({ min: 32 })),
    ...sidecarSettings,
    STATE_STORE_NAME: platformName("statestore"),
    LOG_LEVEL: oneOf<LogLevel>(logLevels, "info"),
  });
