import { defaultPorts } from "@carillon/contracts/names";
import { type Environment, oneOf, port, readConfig, secret, text } from "@carillon/kit/config";
import { type LogLevel, logLevels } from "@carillon/kit/log";

/** recurring's settings. @throws ConfigError with one sentence about the first wrong one. */
export const readRecurringConfig = (environment: Environment) =>
  readConfig(environment, {
    HOST: text("0.0.0.0"),
    RECURRING_PORT: port(defaultPorts.recurring),
    /** What the sidecar and neighbours prove themselves with. */
    APP_API_TOKEN: secret({ min: 16 }),
    /** What this service proves itself with to its sidecar; empty: the sidecar asks for nothing. */
    DAPR_API_TOKEN: text(""),
    DAPR_HTTP_PORT: port(3_500),
    STATE_STORE_NAME: text("statestore"),
    LOG_LEVEL: oneOf<LogLevel>(logLevels, "info"),
  });
