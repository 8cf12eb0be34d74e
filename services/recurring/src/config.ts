import { defaultInternalPorts, defaultPorts } from "@carillon/contracts/names";
import {
  type Environment,
  oneOf,
  platformName,
  port,
  readConfig,
  secret,
  sidecarSettings,
  text,
} from "@carillon/kit/config";
import { type LogLevel, logLevels } from "@carillon/kit/observe";

/** recurring's settings. @throws ConfigError with one sentence about the first wrong one. */
export const readRecurringConfig = (environment: Environment) =>
  readConfig(environment, {
    HOST: text("0.0.0.0"),
    RECURRING_PORT: port(defaultPorts.recurring),
    /** For the sidecar, neighbours and Prometheus. */
    RECURRING_INTERNAL_PORT: port(defaultInternalPorts.recurring),
    /** The token that the sidecar and neighbours present. */
    APP_API_TOKEN: secret({ min: 16 }),
    ...sidecarSettings,
    STATE_STORE_NAME: platformName("statestore"),
    LOG_LEVEL: oneOf<LogLevel>(logLevels, "info"),
  });
