import { defaultInternalPorts, defaultPorts } from "@carillon/contracts/names";
import {
  ConfigError,
  type Environment,
  httpUrl,
  integer,
  networks,
  oneOf,
  optional,
  platformName,
  port,
  postgresUrl,
  readConfig,
  type Setting,
  secret,
  sidecarSettings,
  text,
} from "@carillon/kit/config";
import { type LogLevel, logLevels } from "@carillon/kit/observe";
import { createPushSigner } from "./channels/push-signer.ts";

const sender: Setting<string | null> = (name, raw) => {
  if (raw === undefined) return null;
  if (!/^(?:[^<>@\r\n]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/.test(raw))
    throw new ConfigError(`${name} is "${raw}"; it must be an address such as Carillon <bells@example.com>.`);
  return raw;
};

/** notification's settings. @throws ConfigError with one sentence about the first wrong one. */
export function readNotificationConfig(environment: Environment) {
  const config = readConfig(environment, {
    HOST: text("0.0.0.0"),
    NOTIFICATION_PORT: port(defaultPorts.notification),
    /** For the sidecar, neighbours and Prometheus. */
    NOTIFICATION_INTERNAL_PORT: port(defaultInternalPorts.notification),
    /** The database whose schema `notification` is this service's own. */
    DATABASE_URL: postgresUrl,
    /** Where mail is kept without Resend and SMTP: in its folder `mail`. */
    DATA_DIR: text(".data"),
    /** The product's address for users: mails link to it. */
    PUBLIC_URL: httpUrl(`http://localhost:${defaultPorts.web}`),
    /** With a key, mail goes out through Resend. */
    RESEND_API_KEY: optional,
    RESEND_BASE_URL: httpUrl("https://api.resend.com"),
    /** With a host (and without a key), mail goes out through this SMTP relay. */
    SMTP_HOST: optional,
    SMTP_PORT: integer({ min: 1, max: 65_535, fallback: 587 }),
    SMTP_USERNAME: optional,
    SMTP_PASSWORD: optional,
    /** The sender's address. */
    MAIL_FROM: sender,
    /** The private key of web pushes (VAPID), in base64url; without it there are none. */
    VAPID_PRIVATE_KEY: optional,
    /** Networks that messages to users' own channels may reach besides the public Internet, as a comma list; none by default. */
    CHANNEL_NETWORKS: networks,
    /** The token that the sidecar and neighbours present. */
    APP_API_TOKEN: secret({ min: 16 }),
    ...sidecarSettings,
    STATE_STORE_NAME: platformName("statestore"),
    LOG_LEVEL: oneOf<LogLevel>(logLevels, "info"),
  });
  if ((config.RESEND_API_KEY || config.SMTP_HOST) && !config.MAIL_FROM)
    throw new ConfigError("MAIL_FROM is not set; say from whom mail comes, such as Carillon <bells@example.com>.");
  if (config.SMTP_HOST && !config.SMTP_USERNAME !== !config.SMTP_PASSWORD)
    throw new ConfigError("SMTP_USERNAME and SMTP_PASSWORD go together; set both or neither.");
  if (config.VAPID_PRIVATE_KEY) createPushSigner(config.VAPID_PRIVATE_KEY, "mailto:bells@carillon.invalid");
  return config;
}

export type NotificationConfig = ReturnType<typeof readNotificationConfig>;
