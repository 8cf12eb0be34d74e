import { defaultPorts } from "@carillon/contracts/names";
import { type Environment, oneOf, port, readConfig, secret, text } from "@carillon/kit/config";
import { type LogLevel, logLevels } from "@carillon/kit/log";

/** notification's settings. @throws ConfigError with one sentence about the first wrong one. */
export const readNotificationConfig = (environment: Environment) =>
  readConfig(environment, {
    HOST: text("0.0.0.0"),
    NOTIFICATION_PORT: port(defaultPorts.notification),
    /** What the sidecar and neighbours prove themselves with. */
    APP_API_TOKEN: secret({ min: 16 }),
    LOG_LEVEL: oneOf<LogLevel>(logLevels, "info"),
  });
