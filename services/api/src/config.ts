import { defaultInternalPorts, defaultPorts } from "@carillon/contracts/names";
import {
  ConfigError,
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
  unless,
} from "@carillon/kit/config";
import { logLevels } from "@carillon/kit/observe";
import { isSafe } from "./auth/oidc/ask-provider.ts";
import type { ProviderSettings } from "./auth/oidc/openid-provider.ts";

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
    /** What opens `GET /api/stats` to the operator; unset: there is no such path. */
    STATS_TOKEN: unless(secret({ min: 32 })),
    /** A server that speaks Chat Completions answers chat; without a key a small grammar does. */
    OPENAI_API_KEY: text(""),
    OPENAI_BASE_URL: optional,
    OPENAI_MODEL: text("gpt-4.1-mini"),
    /** Calls of tools in one turn of a chat, seconds it may take, and tokens a user and day. */
    CHAT_MAX_CALLS: integer({ min: 1, max: 50, fallback: 8 }),
    CHAT_MAX_SECONDS: integer({ min: 5, max: 100, fallback: 60 }),
    CHAT_DAILY_TOKENS: integer({ min: 0, max: 100_000_000, fallback: 200_000 }),
    /** An OpenID provider that signs people in, and as what it knows the product; registered there is PUBLIC_URL/sign-in/provider/callback. */
    OIDC_ISSUER: unless(httpUrl()),
    OIDC_CLIENT_ID: optional,
    OIDC_CLIENT_SECRET: optional,
    /** As buttons name it; by default its host. */
    OIDC_NAME: optional,
    ...sidecarSettings,
    ...namesSettings,
    LOG_LEVEL: oneOf(logLevels, "info"),
  });
  return { ...config, names: platformNames(config), oidc: providerOf(config) };
}

type Given = {
  OIDC_ISSUER: URL | null;
  OIDC_CLIENT_ID: string | null;
  OIDC_CLIENT_SECRET: string | null;
  OIDC_NAME: string | null;
};

const maxProviderNameLength = 40;

/** The provider of the settings; null without one. @throws ConfigError for a part without the others, and for an address without TLS. */
function providerOf(given: Given): ProviderSettings | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret, OIDC_NAME: name } = given;
  if (issuer === null && clientId === null && clientSecret === null) return null;
  if (issuer === null || clientId === null || clientSecret === null)
    throw new ConfigError("OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET go together; set all three or none.");
  if (!isSafe(issuer) || issuer.search !== "" || issuer.hash !== "")
    throw new ConfigError(`OIDC_ISSUER is "${issuer.href}"; it must be the provider's https address.`);
  if (name !== null && (name.length > maxProviderNameLength || /\p{Cc}/u.test(name)))
    throw new ConfigError(`OIDC_NAME must have at most ${maxProviderNameLength} characters.`);
  return { issuer, clientId, clientSecret, name: name ?? issuer.hostname };
}
