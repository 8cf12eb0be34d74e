import { defaultInternalPorts, defaultPorts } from "@carillon/contracts/names";
import {
  besides,
  type Environment,
  httpOrigin,
  httpUrl,
  integer,
  networks,
  oneOf,
  port,
  readConfig,
  secret,
  text,
  unless,
} from "@carillon/kit/config";
import { logLevels } from "@carillon/kit/observe";

/** Settings of `web`, each with its unit and default. */
export function readWebConfig(environment: Environment) {
  const config = readConfig(environment, {
    HOST: text("0.0.0.0"),
    WEB_PORT: port(defaultPorts.web),
    /** For the sidecar, neighbours and Prometheus. */
    WEB_INTERNAL_PORT: port(defaultInternalPorts.web),
    /** The product's address for users; https makes its cookies Secure. */
    PUBLIC_URL: httpUrl(`http://localhost:${defaultPorts.web}`),
    API_URL: httpOrigin(`http://localhost:${defaultPorts.api}`),
    /** api's internal door; without it, the usual port beside API_URL. */
    API_INTERNAL_URL: unless(httpOrigin()),
    REALTIME_URL: httpOrigin(`http://localhost:${defaultPorts.realtime}`),
    APP_API_TOKEN: secret({ min: 16 }),
    /** Proxies whose X-Forwarded-For is trusted, as a comma list of addresses and networks; none by default. */
    TRUSTED_PROXIES: networks,
    /** 0 turns every limit off, also web's own. */
    RATE_LIMIT_PER_MINUTE: integer({ min: 0, max: 1_000_000, fallback: 100 }),
    LOG_LEVEL: oneOf(logLevels, "info"),
  });
  return { ...config, API_INTERNAL_URL: config.API_INTERNAL_URL ?? besides(config.API_URL, defaultInternalPorts.api) };
}
