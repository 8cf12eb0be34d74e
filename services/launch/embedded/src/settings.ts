import { readApiConfig } from "@carillon/api/config";
import { readAuditConfig } from "@carillon/audit/config";
import { defaultPorts, type ServiceName } from "@carillon/contracts/names";
import type { Secrets } from "@carillon/host/data-folder";
import {
  ConfigError,
  type Environment,
  httpUrl,
  integer,
  oneOf,
  postgresUrl,
  readConfig,
  type Setting,
  text,
  unless,
} from "@carillon/kit/config";
import { logLevels } from "@carillon/kit/observe";
import { readNotificationConfig } from "@carillon/notification/config";
import { readRealtimeConfig } from "@carillon/realtime/config";

/** The services of one process, each on the port of its name. */
export const hosted = [
  "web",
  "api",
  "notification",
  "recurring",
  "audit",
  "realtime",
] as const satisfies readonly ServiceName[];
export type Hosted = (typeof hosted)[number];

export type Settings = ReturnType<typeof readSettings>;
export type ServiceSettings = ReturnType<typeof readServiceSettings>;

/** The printed address must be the served one: 0 ("any free port") is for tests of single services. */
const listenPort = (fallback: number): Setting<number> => integer({ min: 1, max: 65_535, fallback });

/**
 * Settings of the product as a whole. The terminal shows warnings only; LOG_LEVEL=info prints a line
 * per request.
 * @throws ConfigError with one sentence about the first wrong one.
 */
export function readSettings(environment: Environment) {
  const settings = readConfig(environment, {
    DATA_DIR: text(".data"),
    DATABASE_URL: unless(postgresUrl),
    HOST: text("127.0.0.1"),
    /** The product's address for users; by default its own port on this machine. */
    PUBLIC_URL: unless(httpUrl()),
    LOG_LEVEL: oneOf(logLevels, "warn"),
    WEB_PORT: listenPort(defaultPorts.web),
    API_PORT: listenPort(defaultPorts.api),
    NOTIFICATION_PORT: listenPort(defaultPorts.notification),
    RECURRING_PORT: listenPort(defaultPorts.recurring),
    AUDIT_PORT: listenPort(defaultPorts.audit),
    REALTIME_PORT: listenPort(defaultPorts.realtime),
  });
  const portOf = (service: Hosted): number => settings[`${service.toUpperCase() as Uppercase<Hosted>}_PORT`];
  const taken = hosted.find((one, index) => hosted.slice(0, index).some((other) => portOf(other) === portOf(one)));
  if (taken)
    throw new ConfigError(
      `${taken.toUpperCase()}_PORT is ${portOf(taken)}, which another service already uses; give each its own.`,
    );
  return { ...settings, portOf };
}

/**
 * Each service's own settings, as its own `main.ts` would read them. Secrets missing from the
 * environment are the stored ones.
 * @throws ConfigError with one sentence about the first wrong one.
 */
export function readServiceSettings(environment: Environment, secrets: Secrets, publicUrl: URL) {
  const isSet = (name: string): boolean => Boolean(environment[name] || environment[`${name}_FILE`]);
  const complete: Environment = {
    ...environment,
    // Each service gets its own address from the database, not from here.
    DATABASE_URL: "postgres://localhost/unused",
    DATABASE_URL_FILE: undefined,
    PUBLIC_URL: publicUrl.href,
    PUBLIC_URL_FILE: undefined,
    ...(isSet("JWT_SECRET") ? {} : { JWT_SECRET: secrets.jwtSecret }),
    ...(isSet("VAPID_PRIVATE_KEY") ? {} : { VAPID_PRIVATE_KEY: secrets.vapidKey }),
    ...(isSet("AUDIT_KEY") ? {} : { AUDIT_KEY: secrets.auditKey }),
    ...(isSet("APP_API_TOKEN") ? {} : { APP_API_TOKEN: secrets.appToken }),
  };
  return {
    api: readApiConfig(complete),
    audit: readAuditConfig(complete),
    realtime: readRealtimeConfig(complete),
    notification: readNotificationConfig(complete),
  };
}

/** The product's address for users: PUBLIC_URL, or web's port on this machine. */
export function publicUrlOf({ PUBLIC_URL, HOST, portOf }: Settings): URL {
  const isEverywhere = HOST === "0.0.0.0" || HOST === "::";
  const host = HOST === "127.0.0.1" || isEverywhere ? "localhost" : HOST;
  return PUBLIC_URL ?? new URL(`http://${host.includes(":") ? `[${host}]` : host}:${portOf("web")}`);
}

/** @throws ConfigError for any option but `--demo`. */
export function readArguments(given: readonly string[]): { wantsDemo: boolean } {
  const unknown = given.find((argument) => argument !== "--demo");
  if (unknown !== undefined) throw new ConfigError(`"${unknown}" is not an option of Carillon; there is only --demo.`);
  return { wantsDemo: given.includes("--demo") };
}
