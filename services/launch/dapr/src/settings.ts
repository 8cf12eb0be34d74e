import { defaultInternalPorts, defaultPorts, type ServiceName, services } from "@carillon/contracts/names";
import {
  ConfigError,
  type Environment,
  httpUrl,
  integer,
  namesSettings,
  oneOf,
  optional,
  platformNames,
  postgresUrl,
  readConfig,
  type Setting,
  secret,
  text,
  unless,
} from "@carillon/kit/config";
import { logLevels } from "@carillon/kit/observe";

export type Settings = ReturnType<typeof readSettings>;

/** Everything listens here and nowhere else: this launcher is for one machine. */
export const host = "127.0.0.1";

/** Services with a sidecar, in the order of their sidecars' ports. web uses plain HTTP. */
export const withSidecar: readonly ServiceName[] = services.filter((name) => name !== "web");

/** HTTP, gRPC, gRPC between sidecars, metrics. */
const portsOfASidecar = 4;
/** The scheduler's etcd (clients, peers), health and metrics; they follow the sidecars' ports. */
const portsOfTheScheduler = 4;

const port = (fallback: number): Setting<number> => integer({ min: 1, max: 65_000, fallback });

/** @throws ConfigError with one sentence about the first wrong one. */
export function readSettings(environment: Environment) {
  const settings = readConfig(environment, {
    /** A folder of its own: events left on the embedded mode's bus cannot reach this one. */
    DATA_DIR: text(".data-dapr"),
    DATABASE_URL: unless(postgresUrl),
    PUBLIC_URL: unless(httpUrl()),
    LOG_LEVEL: oneOf(logLevels, "warn"),
    JWT_SECRET: unless(secret({ min: 32 })),
    AUDIT_KEY: unless(secret({ min: 32 })),
    APP_API_TOKEN: unless(secret({ min: 16 })),
    DAPR_API_TOKEN: unless(secret({ min: 16 })),
    /** A folder with `bin/daprd`, `bin/scheduler`, `kafka/libs` and `zipkin`. */
    STACK_DIR: optional,
    KAFKA_HOME: optional,
    /** A running broker. */
    KAFKA_BROKERS: optional,
    WEB_PORT: port(defaultPorts.web),
    API_PORT: port(defaultPorts.api),
    NOTIFICATION_PORT: port(defaultPorts.notification),
    RECURRING_PORT: port(defaultPorts.recurring),
    AUDIT_PORT: port(defaultPorts.audit),
    REALTIME_PORT: port(defaultPorts.realtime),
    OPS_PORT: port(defaultPorts.ops),
    WEB_INTERNAL_PORT: port(defaultInternalPorts.web),
    API_INTERNAL_PORT: port(defaultInternalPorts.api),
    NOTIFICATION_INTERNAL_PORT: port(defaultInternalPorts.notification),
    RECURRING_INTERNAL_PORT: port(defaultInternalPorts.recurring),
    AUDIT_INTERNAL_PORT: port(defaultInternalPorts.audit),
    REALTIME_INTERNAL_PORT: port(defaultInternalPorts.realtime),
    OPS_INTERNAL_PORT: port(defaultInternalPorts.ops),
    /** The first of the sidecars' ports. */
    SIDECAR_PORT: port(3_501),
    SCHEDULER_PORT: port(50_006),
    /** The broker's; the one after it is its controller's. */
    KAFKA_PORT: port(9_092),
    ZIPKIN_PORT: port(9_411),
    ...namesSettings,
  });
  const ofServices = portsOfServices(settings);
  const ports = { ...portsOfTheStack(settings), ...ofServices };
  refuseSharedPorts([...ofServices.named, ...ports.all]);
  const names = platformNames(settings);
  const publicUrl = settings.PUBLIC_URL ?? new URL(`http://localhost:${settings.WEB_PORT}`);
  return { ...settings, ports, names, publicUrl };
}

type NamedPort = { variable: string; port: number };

type PortVariable = `${Uppercase<ServiceName>}_${"INTERNAL_" | ""}PORT`;

function portsOfServices(settings: Record<PortVariable, number>) {
  const variable = (service: ServiceName, kind: "INTERNAL_" | ""): PortVariable =>
    `${service.toUpperCase() as Uppercase<ServiceName>}_${kind}PORT`;
  const variables = services.flatMap((name) => [variable(name, ""), variable(name, "INTERNAL_")]);
  return {
    of: (service: ServiceName): number => settings[variable(service, "")],
    /** The address for its sidecar and neighbours. */
    inside: (service: ServiceName): number => settings[variable(service, "INTERNAL_")],
    named: variables.map((name): NamedPort => ({ variable: name, port: settings[name] })),
  };
}

function portsOfTheStack({
  SIDECAR_PORT,
  SCHEDULER_PORT,
  KAFKA_PORT,
  ZIPKIN_PORT,
}: Record<"SIDECAR_PORT" | "SCHEDULER_PORT" | "KAFKA_PORT" | "ZIPKIN_PORT", number>) {
  const sidecar = (service: ServiceName) => {
    const http = SIDECAR_PORT + portsOfASidecar * withSidecar.indexOf(service);
    return { http, grpc: http + 1, internal: http + 2, metrics: http + 3 };
  };
  const after = SIDECAR_PORT + portsOfASidecar * withSidecar.length;
  const scheduler = { grpc: SCHEDULER_PORT, etcd: after, peer: after + 1, health: after + 2, metrics: after + 3 };
  const kafka = { broker: KAFKA_PORT, controller: KAFKA_PORT + 1 };
  const block = Array.from({ length: after - SIDECAR_PORT + portsOfTheScheduler }, (_, at) => SIDECAR_PORT + at);
  const all: NamedPort[] = [
    ...block.map((one) => ({ variable: "SIDECAR_PORT", port: one })),
    { variable: "SCHEDULER_PORT", port: SCHEDULER_PORT },
    ...Object.values(kafka).map((one) => ({ variable: "KAFKA_PORT", port: one })),
    { variable: "ZIPKIN_PORT", port: ZIPKIN_PORT },
  ];
  return { sidecar, scheduler, kafka, zipkin: ZIPKIN_PORT, all };
}

function refuseSharedPorts(ports: readonly NamedPort[]): void {
  const owners = new Map<number, string>();
  for (const { variable, port: number } of ports) {
    const owner = owners.get(number);
    if (owner !== undefined)
      throw new ConfigError(`${variable} needs port ${number}, which ${owner} already uses; give each its own.`);
    owners.set(number, variable);
  }
}
