import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readApiConfig } from "@carillon/api/config";
import { readAuditConfig } from "@carillon/audit/config";
import { defaultInternalPorts, defaultPorts, type ServiceName, services } from "@carillon/contracts/names";
import type { Environment } from "@carillon/kit/config";
import { readNotificationConfig } from "@carillon/notification/config";
import { findProduct } from "@carillon/ops/find-product";
import { readOpsConfig } from "@carillon/ops/serve";
import { readRealtimeConfig } from "@carillon/realtime/config";
import { readRecurringConfig } from "@carillon/recurring/config";
import { readWebConfig } from "@carillon/web/config";

type Container = {
  image: string;
  build?: { context: string; dockerfile: string; args: Record<string, string> };
  command?: string | string[];
  environment?: Record<string, string>;
  env_file?: string[];
  ports?: string[];
  volumes?: string[];
  configs?: { source: string; target: string }[];
  network_mode?: string;
  restart?: string;
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
};
type Compose = {
  services: Record<string, Container>;
  volumes: Record<string, unknown>;
  configs: Record<string, { content: string }>;
};

const root = join(import.meta.dir, "../..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");
// These tests check its shape; `docker compose config` validates the rest.
const compose = Bun.YAML.parse(read("compose.yaml")) as Compose;
const containers = Object.entries(compose.services);
const container = (name: string): Container => compose.services[name] ?? { image: "" };
const hasSidecar = (name: ServiceName): boolean => name !== "web";

/** The value with the defaults of `${NAME:-default}`, as without an .env. */
const plain = (value: string): string => String(value).replace(/\$\{\w+:-([^}]*)\}/g, "$1");
const environmentOf = (name: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(container(name).environment ?? {}).map(([key, value]): [string, string] => [key, plain(value)]),
  );

const readers: Record<ServiceName, (environment: Environment) => object> = {
  api: readApiConfig,
  audit: readAuditConfig,
  notification: readNotificationConfig,
  ops: (environment) => ({ ...findProduct(environment), ...readOpsConfig(environment) }),
  realtime: readRealtimeConfig,
  recurring: readRecurringConfig,
  web: readWebConfig,
};

test("every service starts with the settings it is given, on its own port, and is given none it does not know", () => {
  for (const name of services) {
    const given = environmentOf(name);
    const asked = new Set<string>();
    const watched = new Proxy(given, {
      get: (target, key) => {
        asked.add(String(key));
        return target[String(key)];
      },
    });
    expect(readers[name](watched)).toMatchObject({
      [`${name.toUpperCase()}_PORT`]: defaultPorts[name],
      [`${name.toUpperCase()}_INTERNAL_PORT`]: defaultInternalPorts[name],
    });
    const unknown = Object.keys(given).filter((key) => !asked.has(key) && !key.startsWith("OTEL_"));
    expect({ name, unknown }).toEqual({ name, unknown: [] });
    expect(container(name).healthcheck?.test.join(" ")).toContain(`127.0.0.1:${defaultPorts[name]}/health/ready`);
    expect(container(name).build?.args).toEqual({ SERVICE: name });
  }
});

test("what is asked elsewhere is there: addresses name containers and the ports they listen on", () => {
  for (const [name, { environment = {} }] of containers) {
    for (const [key, value] of Object.entries(environment)) {
      const [, host, port] = /^(?:\w+:\/\/(?:[^@]*@)?)?([a-z-]+):(\d+)(?:\/.*)?$/.exec(plain(String(value))) ?? [];
      if (!host || host === "localhost") continue;
      expect({ name, key, host, there: Object.keys(compose.services).includes(host) }).toMatchObject({ there: true });
      const ours = services.find((service) => service === host);
      const ports = key.includes("INTERNAL") ? defaultInternalPorts : defaultPorts;
      if (ours) expect({ name, key, port: Number(port) }).toEqual({ name, key, port: ports[ours] });
    }
  }
});

test("every service but web has a sidecar, in its own network, under its own name and port; they differ in nothing else", () => {
  const commands = services.filter(hasSidecar).map((name) => {
    const { network_mode, command = "", environment } = container(`${name}-sidecar`);
    expect(network_mode).toBe(`service:${name}`);
    expect(environment?.POD_NAME).toBe(`${name}-0`);
    expect(existsSync(join(root, `services/launch/dapr/generated/compose/configuration-${name}.yaml`))).toBe(true);
    const own = `--app-id ${name} --app-port ${defaultInternalPorts[name]} --app-protocol http --config /dapr/configuration-${name}.yaml`;
    expect(command).toContain(own);
    return String(command).replace(own, "");
  });
  expect(new Set(commands).size).toBe(1);
  expect(Object.keys(compose.services)).not.toContain("web-sidecar");
});

test("every container with a token has the same one", () => {
  for (const token of ["APP_API_TOKEN", "DAPR_API_TOKEN", "JWT_SECRET", "AUDIT_KEY"]) {
    const values = containers.flatMap(([, { environment = {} }]) => environment[token] ?? []);
    expect(new Set(values).size).toBe(1);
  }
});

test("every image is pinned by version, ours are built here", () => {
  for (const [name, { image, build }] of containers) {
    if (build) expect({ name, image }).toEqual({ name, image: `carillon/${build.args.SERVICE}:compose` });
    else expect(`${name} ${image}`).toMatch(/^\S+ [\w.-]+\.\w+\/[\w./-]+:v?\d+\.\d+(\.\d+)?$/);
    if (build) expect(existsSync(join(root, build.dockerfile))).toBe(true);
  }
});

test("an image that also runs in a cluster has the cluster's version", () => {
  const files = ["kustomize", "gitops"].flatMap((folder) => [
    ...new Bun.Glob(`${folder}/**/*.yaml`).scanSync({ cwd: root }),
  ]);
  const there = files.flatMap((file) => [...read(file).matchAll(/image: (\S+):(v?[\d.]+)\s/g)]);
  const versions = new Map(there.map(([, image = "", version = ""]) => [image, version]));
  const dapr = /chart: dapr\s+targetRevision: "([\d.]+)"/.exec(read("gitops/platform/base/dapr.yaml"))?.[1] ?? "";
  for (const image of ["daprd", "scheduler"]) versions.set(`docker.io/daprio/${image}`, dapr);
  const differing = containers.filter(([, { image }]) => {
    const [name = "", version] = image.split(/:(?=[^:]+$)/);
    return versions.has(name) && versions.get(name) !== version;
  });
  expect(differing.map(([name]) => name)).toEqual([]);
  expect(versions.size).toBeGreaterThan(4);
});

test("only this machine reaches a port, no port is taken twice, and none leads to a door for neighbours", () => {
  const ports = containers.flatMap(([, { ports = [] }]) => ports);
  expect(ports.filter((port) => !/^127\.0\.0\.1:\d+:\d+$/.test(port))).toEqual([]);
  expect(new Set(ports.map((port) => port.split(":")[1])).size).toBe(ports.length);
  const inside = Object.values(defaultInternalPorts).map(String);
  expect(ports.filter((port) => inside.includes(port.split(":").at(-1) ?? ""))).toEqual([]);
});

test("what is mounted exists", () => {
  for (const [name, { volumes = [], configs = [], env_file = [] }] of containers) {
    for (const volume of volumes) {
      const [source = ""] = volume.split(":");
      const there = source.startsWith("./") ? existsSync(join(root, source)) : Object.hasOwn(compose.volumes, source);
      expect({ name, source, there }).toEqual({ name, source, there: true });
    }
    for (const { source } of configs) expect(Object.keys(compose.configs)).toContain(source);
    for (const file of env_file) expect(existsSync(join(root, file))).toBe(true);
  }
});

test("who waits for another waits for something that can come", () => {
  for (const [name, { depends_on = {} }] of containers) {
    for (const [other, { condition }] of Object.entries(depends_on)) {
      expect({ name, other, there: Object.hasOwn(compose.services, other) }).toMatchObject({ there: true });
      const { restart, healthcheck } = container(other);
      if (condition === "service_completed_successfully") expect({ other, restart }).toEqual({ other, restart: "no" });
      if (condition === "service_healthy")
        expect({ other, checked: Boolean(healthcheck) }).toMatchObject({ checked: true });
    }
  }
});

test("every schema is brought up to date before its service starts", () => {
  const owners = services.filter((name) => "DATABASE_URL" in environmentOf(name) && name !== "ops");
  for (const name of owners) {
    expect(container(name).depends_on).toHaveProperty(`migrate-${name}`);
    expect(container(`migrate-${name}`)).toMatchObject({ command: ["migrate"], image: `carillon/${name}:compose` });
    expect(existsSync(join(root, `services/${name}/migrations`))).toBe(true);
    expect(() => readers[name](environmentOf(`migrate-${name}`))).not.toThrow();
    // The role that owns the schemas migrates them, and no service connects as it.
    expect(environmentOf(`migrate-${name}`).DATABASE_URL).toBe(environmentOf("provision-database").OWNER_DATABASE_URL);
    expect(environmentOf(name).DATABASE_URL).toContain(`//carillon_${name}:`);
    expect(environmentOf("provision-database")[`${name.toUpperCase()}_DATABASE_URL`]).toBe(
      environmentOf(name).DATABASE_URL,
    );
  }
  expect(owners).toEqual(["api", "notification", "audit"]);
});

test("the sidecars' secret store holds what the components ask it for", () => {
  const secrets: unknown = JSON.parse(plain(compose.configs["dapr-secrets"]?.content ?? "{}"));
  const folder = "services/launch/dapr/generated/compose/resources";
  const asked = readdirSync(join(root, folder)).flatMap((file) => [
    ...read(join(folder, file)).matchAll(/secretKeyRef:\s+name: (\S+)\s+key: (\S+)/g),
  ]);
  expect(asked.length).toBeGreaterThan(0);
  for (const [, name = "", key = ""] of asked) expect(secrets).toHaveProperty([name, key], expect.any(String));
});

test("Prometheus asks every service, every sidecar, the scheduler and the broker", () => {
  const { scrape_configs } = Bun.YAML.parse(read("observability/prometheus/prometheus.yaml")) as {
    scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
  };
  const targets = scrape_configs.flatMap((job) => job.static_configs.flatMap((one) => one.targets));
  const metricsPort = /--metrics-port (\d+)/.exec(String(container("api-sidecar").command))?.[1];
  const wanted = [
    ...services.map((name) => `${name}:${defaultInternalPorts[name]}`),
    ...services.filter(hasSidecar).map((name) => `${name}:${metricsPort}`),
    `scheduler:${/--metrics-port (\d+)/.exec(String(container("scheduler").command))?.[1]}`,
    "redpanda:9644",
    "localhost:9090",
  ];
  expect(targets.sort()).toEqual(wanted.sort());
});
