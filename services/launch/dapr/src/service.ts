import { join } from "node:path";
import type { ServiceName } from "@carillon/contracts/names";
import type { SchemaName } from "@carillon/kit/database";
import { answersOk, type Piece } from "./piece.ts";
import { host, type Settings, withSidecar } from "./settings.ts";
import { podName } from "./sidecar.ts";

export type ServiceOptions = {
  service: ServiceName;
  settings: Settings;
  /** Absolute. */
  dataDir: string;
  brokers: string;
  tokens: { app: string; dapr: string; jwt: string; audit: string };
  urlOf(schema: SchemaName): string;
  /** The collector's address, or null. */
  zipkinUrl: string | null;
  environment: Readonly<Record<string, string | undefined>>;
};

/** Secrets of the caller's environment, and the one service each is for. */
const secretsOfOne: Readonly<Record<string, ServiceName>> = {
  JWT_SECRET: "api",
  AUDIT_KEY: "audit",
  AUDIT_OLD_KEY: "audit",
  OPENAI_API_KEY: "api",
  OIDC_CLIENT_SECRET: "api",
  RESEND_API_KEY: "notification",
  RESEND_WEBHOOK_SECRET: "api",
  SMTP_PASSWORD: "notification",
  VAPID_PRIVATE_KEY: "notification",
  STATS_TOKEN: "api",
};

/** Fixed by this launcher, whatever the caller's environment says. */
const decidedHere = ["DATABASE_URL", "APP_API_TOKEN", "DAPR_API_TOKEN", "JWT_SECRET", "AUDIT_KEY"];

const root = join(import.meta.dir, "../../../..");

/** The file a service's process begins with. */
const mainOf = (service: ServiceName): string =>
  join(root, service === "web" ? "web" : join("services", service), "src", "main.ts");

/** One service in a process of its own, as a container would run it. */
export function servicePiece(options: ServiceOptions): Piece {
  const { service, settings } = options;
  const port = settings.ports.of(service);
  // The repository's .env is read by this process, which passes on what is the service's.
  const command = [process.execPath, "--no-env-file", mainOf(service), ...(service === "ops" ? ["serve"] : [])];
  const sidecarPort = withSidecar.includes(service) ? { sidecarPort: settings.ports.sidecar(service).http } : {};
  return {
    name: service,
    command,
    // Contains tsconfig.json, which configures JSX.
    folder: root,
    environment: environmentOf(options),
    facts: { port, internalPort: settings.ports.inside(service), url: `http://${host}:${port}`, ...sidecarPort },
    isUp: answersOk(`http://${host}:${port}/health/live`),
    startMs: 30_000,
    // A service ends by itself within 20 s, whatever hangs.
    stopMs: 19_000,
  };
}

/** The caller's settings, without those of other services, and those fixed here. */
export function environmentOf(options: ServiceOptions): Record<string, string> {
  const { service, settings, dataDir, tokens, zipkinUrl, environment } = options;
  const foreign = Object.entries(secretsOfOne).flatMap(([name, owner]) =>
    owner === service ? [] : [name, `${name}_FILE`],
  );
  const decided = new Set([...foreign, ...decidedHere.flatMap((name) => [name, `${name}_FILE`])]);
  const inherited = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined || decided.has(name) ? [] : [[name, value] as const],
  );
  return {
    ...Object.fromEntries(inherited),
    HOST: host,
    [`${service.toUpperCase()}_PORT`]: String(settings.ports.of(service)),
    [`${service.toUpperCase()}_INTERNAL_PORT`]: String(settings.ports.inside(service)),
    PUBLIC_URL: settings.publicUrl.origin,
    API_URL: `http://${host}:${settings.ports.of("api")}`,
    API_INTERNAL_URL: `http://${host}:${settings.ports.inside("api")}`,
    REALTIME_URL: `http://${host}:${settings.ports.of("realtime")}`,
    LOG_LEVEL: settings.LOG_LEVEL,
    DATA_DIR: dataDir,
    POD_NAME: podName(service),
    APP_API_TOKEN: tokens.app,
    ...(zipkinUrl === null || environment.OTEL_TRACES_EXPORTER || environment.OTEL_EXPORTER_OTLP_ENDPOINT
      ? {}
      : { OTEL_TRACES_EXPORTER: "zipkin", OTEL_EXPORTER_ZIPKIN_ENDPOINT: `${zipkinUrl}/api/v2/spans` }),
    ...(withSidecar.includes(service)
      ? { DAPR_HTTP_PORT: String(settings.ports.sidecar(service).http), DAPR_API_TOKEN: tokens.dapr }
      : {}),
    ...databaseOf(options),
    ...(service === "api" ? { JWT_SECRET: tokens.jwt } : {}),
    ...(service === "audit" ? { AUDIT_KEY: tokens.audit } : {}),
    ...(service === "ops" ? { KAFKA_BROKERS: options.brokers } : {}),
  };
}

/** The schema's own role for a service with one, nothing for one without. */
function databaseOf({ service, settings, urlOf }: ServiceOptions): Record<string, string> {
  if (service === "api" || service === "audit" || service === "notification") return { DATABASE_URL: urlOf(service) };
  // ops finds our own server, and its roles, by DATA_DIR.
  if (service === "ops" && settings.DATABASE_URL !== null) return { DATABASE_URL: settings.DATABASE_URL };
  return {};
}
