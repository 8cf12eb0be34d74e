import { defaultInternalPorts, defaultPorts } from "@carillon/contracts/names";
import {
  type Environment,
  httpUrl,
  integer,
  namesSettings,
  networks,
  oneOf,
  optional,
  origins,
  platformNames,
  port,
  postgresUrl,
  readConfig,
  secret,
  sidecarSettings,
  text,
} from "@carillon/kit/config";
import { logLevels } from "@carillon/kit/observe";

/** Settings of `api`, each with its unit and default. */
export type ApiConfig = ReturnType<typeof readApiConfig>;

export function readApiConfig(environment: Environment) {
  const config = readConfig(environment, {
    HOST: text("0.0.0.0"),
    API_PORT: port(defaultPorts.api),
    /** For the sidecar, neighbours and Prometheus. */
    API_INTERNAL_PORT: port(defaultInternalPorts.api),
    DATABASE_URL: postgresUrl,
    JWT_SECRET: secret({ min: 32 }),
    /** Lifetime of a session's token, in minutes; a session in use is renewed. */
    JWT_EXPIRATION_MINUTES: integer({ min: 1, max: 525_600, fallback: 1_440 }),
    /** Longest life of a session, in days, however often it is renewed. */
    SESSION_MAX_DAYS: integer({ min: 1, max: 365, fallback: 30 }),
    APP_API_TOKEN: secret({ min: 16 }),
    CORS_ORIGINS: origins,
    /** The product's own address: over https, browsers are instructed to stay there. */
    PUBLIC_URL: httpUrl(`http://localhost:${defaultPorts.web}`),
    /** Requests per minute and user; 0 turns every limit off. */
    RATE_LIMIT_PER_MINUTE: integer({ min: 0, max: 1_000_000, fallback: 100 }),
    /** Proxies whose X-Forwarded-For is trusted, as a comma list of addresses and networks; none by default. */
    TRUSTED_PROXIES: networks,
    /** The key of the signature of Resend's webhooks (`whsec_…`): bounces and complaints stop mail to an address. */
    RESEND_WEBHOOK_SECRET: optional,
    /** A server that speaks Chat Completions answers chat; without a key a small grammar does. */
    OPENAI_API_KEY: text(""),
    OPENAI_BASE_URL: optional,
    OPENAI_MODEL: text("gpt-4.1-mini"),
    /** Calls of tools in one turn of a chat, seconds it may take, and tokens a user and day. */
    CHAT_MAX_CALLS: integer({ min: 1, max: 50, fallback: 8 }),
    CHAT_MAX_SECONDS: integer({ min: 5, max: 100, fallback: 60 }),
    CHAT_DAILY_TOKENS: integer({ min: 0, max: 100_000_000, fallback: 200_000 }),
    ...sidecarSettings,
    ...namesSettings,
    LOG_LEVEL: oneOf(logLevels, "info"),
  });
  return { ...config, names: platformNames(config) };
}
