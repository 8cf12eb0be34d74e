/**
 * `bun gitops/budget.ts [environment]`: the resource requests of an environment and its platform, added up. Needs `kustomize` or `kubectl` on PATH.
 * Scaled services are counted at their minimum; a limit is not a request and is not counted.
 */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readEnvironment } from "./environment.ts";
import { GitopsError } from "./release.ts";
import { documentsOf, field, type Mapping, mapping, mappings, render } from "./render.ts";

export type Asked = { what: string; cpuMillis: number; memoryMib: number };

/** Oracle's always-free machines: two with 2 CPUs (ARM: one OCPU each) and 12 GB. */
export const alwaysFree = { machines: 2, cpuMillis: 4_000, memoryMib: 24 * 1024 };

/**
 * Where the charts' values set requests, and the number of such pods. Without a setting a chart requests nothing. Dapr's scheduler
 * always has three replicas.
 */
const charts: { application: string; path: string; pods: number | "machines" }[] = [
  { application: "metrics-server", path: "resources", pods: 1 },
  { application: "cert-manager", path: "resources", pods: 1 },
  { application: "cert-manager", path: "webhook.resources", pods: 1 },
  { application: "cert-manager", path: "cainjector.resources", pods: 1 },
  { application: "external-secrets", path: "resources", pods: 1 },
  { application: "external-secrets", path: "webhook.resources", pods: 1 },
  { application: "external-secrets", path: "certController.resources", pods: 1 },
  { application: "keda", path: "resources.operator", pods: 1 },
  { application: "keda", path: "resources.metricServer", pods: 1 },
  { application: "keda", path: "resources.webhooks", pods: 1 },
  { application: "cloudnative-pg", path: "resources", pods: 1 },
  { application: "barman-cloud", path: "resources", pods: 1 },
  { application: "dapr", path: "dapr_operator.resources", pods: 1 },
  { application: "dapr", path: "dapr_sentry.resources", pods: 1 },
  { application: "dapr", path: "dapr_sidecar_injector.resources", pods: 2 },
  { application: "dapr", path: "dapr_scheduler.resources", pods: 3 },
  { application: "envoy-gateway", path: "deployment.envoyGateway.resources", pods: 1 },
  { application: "monitoring", path: "prometheusOperator.resources", pods: 1 },
  { application: "monitoring", path: "prometheus.prometheusSpec.resources", pods: 1 },
  { application: "monitoring", path: "alertmanager.alertmanagerSpec.resources", pods: 1 },
  { application: "monitoring", path: "grafana.resources", pods: 1 },
  // One for dashboards, one for data sources.
  { application: "monitoring", path: "grafana.sidecar.resources", pods: 2 },
  { application: "monitoring", path: "kube-state-metrics.resources", pods: 1 },
  { application: "monitoring", path: "prometheus-node-exporter.resources", pods: "machines" },
];

/** Reserved by the provider on each machine (kubelet, network, disks, DNS). A high estimate. */
const perMachine = { cpuMillis: 350, memoryMib: 2_560 };

/** Cores from `250m` or `1`, in thousandths. @throws GitopsError for anything else. */
export function millis(given: unknown): number {
  const match = /^(\d+(?:\.\d+)?)(m?)$/.exec(String(given));
  if (!match) throw new GitopsError(`${given} is no amount of processor time.`);
  return Number(match[1]) * (match[2] === "m" ? 1 : 1_000);
}

/** Mebibytes from `128Mi` or `2.5Gi`. @throws GitopsError for anything else. */
export function mebibytes(given: unknown): number {
  const match = /^(\d+(?:\.\d+)?)(Mi|Gi)$/.exec(String(given));
  if (!match) throw new GitopsError(`${given} is no amount of memory in Mi or Gi.`);
  return Number(match[1]) * (match[2] === "Gi" ? 1_024 : 1);
}

function times(what: string, requests: Mapping | undefined, pods: number): Asked {
  if (!requests) throw new GitopsError(`${what} does not say what it asks for.`);
  return { what, cpuMillis: millis(requests.cpu) * pods, memoryMib: mebibytes(requests.memory) * pods };
}

/** Requests of a cluster's platform: charts, our own manifests, Argo CD, and the provider. */
export function platformAsks(root: string, platform: string, machines: number): Asked[] {
  const applications = documentsOf(render(join(root, "gitops/platform", platform)));
  const valuesOf = (name: string): Mapping | undefined =>
    mapping(
      field(applications.find((one) => field(one, "metadata.name") === name) ?? {}, "spec.source.helm.valuesObject"),
    );
  const charted = charts.flatMap(({ application, path, pods }) => {
    const values = valuesOf(application);
    const asked = () => mapping(field(values ?? {}, `${path}.requests`));
    return values ? [times(`${application} ${path}`, asked(), pods === "machines" ? machines : pods)] : [];
  });
  return [
    ...charted,
    brokerAsks(valuesOf("redpanda")),
    ...documentsOf(render(join(root, "gitops/platform/zipkin"))).flatMap((object) => workloadAsks(object, new Map())),
    ...documentsOf(readFileSync(join(root, "argocd/install/requests.yaml"), "utf8")).flatMap((one) =>
      workloadAsks(one, new Map()),
    ),
    {
      what: "the provider's own",
      cpuMillis: perMachine.cpuMillis * machines,
      memoryMib: perMachine.memoryMib * machines,
    },
  ];
}

function brokerAsks(values: Mapping | undefined): Asked {
  if (!values) return { what: "no broker", cpuMillis: 0, memoryMib: 0 };
  const pods = Number(field(values, "statefulset.replicas"));
  const requests = {
    cpu: field(values, "resources.cpu.cores"),
    memory: field(values, "resources.memory.container.max"),
  };
  return times("redpanda", requests, pods);
}

/** The gateway's proxies, each with a shutdown manager container. */
function proxyAsks(proxy: Mapping): Asked[] {
  const deployment = mapping(field(proxy, "spec.provider.kubernetes.envoyDeployment")) ?? {};
  const pods = Number(deployment.replicas);
  return [
    times("envoy proxies", mapping(field(deployment, "container.resources.requests")), pods),
    times("their shutdown managers", { cpu: "10m", memory: "32Mi" }, pods),
  ];
}

/** Requests of the product: services at their minimum, sidecars, database, and all jobs at once. */
export function productAsks(root: string, environment: string): Asked[] {
  const objects = documentsOf(render(join(root, "gitops/envs", environment)));
  const minimum = new Map<string, number>();
  for (const object of objects) {
    const target = field(object, "spec.scaleTargetRef.name");
    const pods = field(object, "spec.minReplicas") ?? field(object, "spec.minReplicaCount");
    if (typeof target === "string" && pods !== undefined) minimum.set(target, Number(pods));
  }
  return objects.flatMap((object) => workloadAsks(object, minimum));
}

function workloadAsks(object: Mapping, minimum: ReadonlyMap<string, number>): Asked[] {
  const kind = String(object.kind);
  const name = String(field(object, "metadata.name"));
  if (kind === "Cluster") {
    return [
      times("postgres", mapping(field(object, "spec.resources.requests")), Number(field(object, "spec.instances"))),
    ];
  }
  if (kind === "EnvoyProxy") return proxyAsks(object);
  if (!["Deployment", "StatefulSet", "Job"].includes(kind)) return [];
  const pods = minimum.get(name) ?? Number(field(object, "spec.replicas") ?? 1);
  const containers = mappings(field(object, "spec.template.spec.containers"));
  const own = containers.map((container) => times(name, mapping(field(container, "resources.requests")), pods));
  const annotations = mapping(field(object, "spec.template.metadata.annotations")) ?? {};
  if (annotations["dapr.io/enabled"] !== "true") return own;
  const requests = {
    cpu: annotations["dapr.io/sidecar-cpu-request"],
    memory: annotations["dapr.io/sidecar-memory-request"],
  };
  return [...own, times(`${name}'s sidecar`, requests, pods)];
}

export const sum = (asked: readonly Asked[]): Asked => ({
  what: "all",
  cpuMillis: asked.reduce((total, { cpuMillis }) => total + cpuMillis, 0),
  memoryMib: asked.reduce((total, { memoryMib }) => total + memoryMib, 0),
});

if (import.meta.main) {
  const root = resolve(import.meta.dir, "..");
  const environment = process.argv[2] ?? "oke-prod";
  const { platform } = readEnvironment(root, environment);
  const asked = [...productAsks(root, environment), ...platformAsks(root, platform, alwaysFree.machines)];
  for (const { what, cpuMillis, memoryMib } of [...asked, sum(asked)]) {
    process.stdout.write(
      `${what.padEnd(44)} ${String(cpuMillis).padStart(6)}m ${String(Math.round(memoryMib)).padStart(7)} Mi\n`,
    );
  }
}
