import { at, listAt, textAt } from "../files.ts";
import { ofKind } from "../workloads.ts";
import { chartValue, hasApplication, mebibytes, type PlaceLaw, textOf, unless } from "./place.ts";

/** Pods with an injected sidecar comply with the namespace's Pod Security Standard. */
export const sidecarsAreAdmitted: PlaceLaw = (place) => {
  const enforcing =
    place.name === "minikube" ? place.read("gitops/clusters/minikube/up.sh") : place.read("argocd/apps/product.yaml");
  const isRestricted = /pod-security\.kubernetes\.io\/enforce[=:] ?restricted/.test(enforcing);
  return [
    ...unless(isRestricted, `The namespace of ${place.name} does not enforce the restricted standard.`),
    ...unless(
      chartValue(place, "dapr", "dapr_sidecar_injector", "sidecarDropALLCapabilities") === true,
      `Pod Security of ${place.name} refuses every pod with a sidecar: it keeps capabilities.`,
    ),
  ];
};

/** An unavailable injector must not block unrelated pods, including its own replacement. */
export const injectorIsNoTrap: PlaceLaw = (place) => {
  const injector = (...path: string[]): unknown => chartValue(place, "dapr", "dapr_sidecar_injector", ...path);
  const isAsked = injector("webhookFailurePolicy") === "Fail";
  const isHa = chartValue(place, "dapr", "global", "ha", "enabled") === true;
  return [
    ...unless(isAsked, `A pod of ${place.name} may start without its sidecar.`),
    ...unless(
      textOf(injector("namespaceSelector", "matchLabels"), "kubernetes.io/metadata.name") === "carillon",
      `The injector of ${place.name} is asked about every pod of the cluster, its own included.`,
    ),
    ...unless(isHa || Number(injector("replicaCount")) >= 2, `${place.name} has one injector.`),
  ];
};

/** Schedulers with an in-memory log have room for it: ten files of 64 MB. */
export const schedulersHaveRoom: PlaceLaw = (place) => {
  const isInMemory = chartValue(place, "dapr", "dapr_scheduler", "cluster", "inMemoryStorage") === true;
  const limit = mebibytes(String(chartValue(place, "dapr", "dapr_scheduler", "resources", "limits", "memory")));
  return unless(!isInMemory || limit >= 1_024, `The schedulers of ${place.name} fill their memory with their own log.`);
};

/** minikube's script installs the clouds' charts with the clouds' values, and has none of its own. */
export const oneSourceForCharts: PlaceLaw = ({ name, read }) => {
  if (name !== "minikube") return [];
  const script = read("gitops/clusters/minikube/up.sh").replaceAll("\\\n", " ");
  const installs = script.split("\n").filter((line) => /\bhelm (template|upgrade)\b/.test(line));
  return [
    ...unless(installs.length === 3, "up.sh installs something else than three charts."),
    ...installs
      .filter((line) => line.includes("--set") || !line.includes("--values -") || !/--version "\$\(version/.test(line))
      .map((line) => `up.sh has versions or values of its own: ${line.trim().slice(0, 60)}`),
  ];
};

/** Where there are disks, a rescheduled monitoring pod keeps its data. */
export const monitoringKeepsItsData: PlaceLaw = (place) => {
  if (place.name !== "aks" && place.name !== "gke") return [];
  const kept = {
    Prometheus: chartValue(place, "monitoring", "prometheus", "prometheusSpec", "storageSpec", "volumeClaimTemplate"),
    Alertmanager: chartValue(place, "monitoring", "alertmanager", "alertmanagerSpec", "storage", "volumeClaimTemplate"),
    Grafana: chartValue(place, "monitoring", "grafana", "persistence", "enabled") === true ? "yes" : undefined,
  };
  return Object.entries(kept)
    .filter(([, claim]) => claim === undefined)
    .map(([who]) => `${who} of ${place.name} loses its data when its pod moves.`);
};

/** Grafana reads our dashboards' annotation, and has the same data sources as on a laptop. */
export const grafanaIsSetUp: PlaceLaw = (place) => {
  const dashboards = chartValue(place, "monitoring", "grafana", "sidecar", "dashboards");
  const sources = listAt(chartValue(place, "monitoring", "grafana"), "additionalDataSources").map((one) =>
    textAt(one, "type"),
  );
  const known = [...sources, "prometheus", "alertmanager"];
  const laptop = Bun.YAML.parse(place.read("observability/grafana/provisioning/datasources/carillon.yaml"));
  const missing = listAt(laptop, "datasources").map((one) => textAt(one, "type"));
  return [
    ...unless(
      textAt(dashboards, "folderAnnotation") === "grafana_folder" &&
        at(dashboards, "provider", "foldersFromFilesStructure") === true,
      `Grafana of ${place.name} puts our dashboards into no folder.`,
    ),
    ...missing
      .filter((type) => !known.includes(type))
      .map((type) => `Grafana of ${place.name} has no source of type ${type}.`),
  ];
};

/** The same broker version everywhere; the chart's version starts with the broker's. */
export const oneBrokerVersion: PlaceLaw = (place) => {
  const chart = place.cluster.find(({ metadata }) => metadata.name === "redpanda");
  const wanted = `redpanda:v${textAt(chart, "spec", "source", "targetRevision")}`;
  const files = ["kustomize/components/redpanda/redpanda.yaml", "compose.yaml"];
  return files
    .filter((file) => !place.read(file).includes(`redpandadata/${wanted}`))
    .map((file) => `${file} runs another broker than the chart's ${wanted}.`);
};

/** Sidecars that send spans send them to an existing collector. */
export const collectorsExist: PlaceLaw = ({ name, product }) => {
  const services = ofKind(product, "Service").map(({ metadata }) => metadata.name);
  return ofKind(product, "Configuration")
    .map((one) => ({
      one: one.metadata.name,
      host: textAt(one, "spec", "tracing", "otel", "endpointAddress").split(":")[0],
    }))
    .filter(({ host }) => host && !services.includes(host))
    .map(({ one, host }) => `${one} of ${name} sends spans to ${host}, which is not there.`);
};

/** A broker resolves its own name before it is ready. */
export const brokerFindsItself: PlaceLaw = ({ name, product }) =>
  ofKind(product, "Service")
    .filter(({ metadata, spec }) => metadata.name === "redpanda" && at(spec, "publishNotReadyAddresses") !== true)
    .map(() => `The broker of ${name} is not found by its own name while it starts.`);

/** Third-party metrics by prefix, and what must exist for Prometheus to scrape them. */
const scrapers: { begins: RegExp; by: string; isThere: (place: Parameters<PlaceLaw>[0]) => boolean }[] = [
  {
    begins: /^dapr_scheduler_/,
    by: "a monitor of dapr-system",
    isThere: (place) =>
      hasApplication(place, "platform-monitors") &&
      /matchNames: \[dapr-system\][\s\S]*dapr-scheduler-server[\s\S]*port: metrics/.test(
        place.read("gitops/platform/monitors/dapr.yaml"),
      ),
  },
  { begins: /^dapr_/, by: "the sidecars' port", isThere: ({ product }) => monitors(product, "dapr-metrics") },
  {
    begins: /^(cnpg_|barman_)/,
    by: "a monitor of the database",
    isThere: ({ product }) => monitors(product, "metrics", "cnpg.io/cluster"),
  },
  {
    begins: /^certmanager_/,
    by: "cert-manager's monitor, which keeps the certificate's namespace",
    isThere: (place) =>
      chartValue(place, "cert-manager", "prometheus", "servicemonitor", "enabled") === true &&
      chartValue(place, "cert-manager", "prometheus", "servicemonitor", "honorLabels") === true,
  },
  {
    begins: /^redpanda_/,
    by: "the broker's monitor",
    isThere: (place) => chartValue(place, "redpanda", "monitoring", "enabled") === true,
  },
  {
    begins: /^(argocd_|grpc_server_)/,
    by: "Argo CD's monitors",
    isThere: (place) =>
      hasApplication(place, "argocd-monitoring") &&
      ["argocd-metrics", "argocd-repo-server"].every((name) =>
        place.read("argocd/monitoring/service-monitors.yaml").includes(`name: ${name}`),
      ),
  },
  {
    begins: /^(kube_|kubelet_|container_|node_|up$|ALERTS)/,
    by: "the monitoring stack",
    isThere: (place) => hasApplication(place, "monitoring"),
  },
  { begins: /^carillon:/, by: "our own rules", isThere: () => true },
];

const monitors = (product: Parameters<PlaceLaw>[0]["product"], port: string, label = ""): boolean =>
  ofKind(product, "PodMonitor").some(
    ({ spec }) =>
      JSON.stringify(at(spec, "selector")).includes(label) &&
      listAt(spec, "podMetricsEndpoints").some((one) => textAt(one, "port") === port),
  );

/** Every third-party metric that a rule reads is scraped: an alert on a missing metric never fires. */
export function rulesAreFed(metrics: readonly string[]): PlaceLaw {
  return (place) =>
    place.name === "minikube"
      ? []
      : metrics.flatMap((metric) => {
          const scraper = scrapers.find(({ begins }) => begins.test(metric));
          if (scraper)
            return unless(
              scraper.isThere(place),
              `${metric} is scraped by nothing on ${place.name}: it takes ${scraper.by}.`,
            );
          return unless(monitors(place.product, "internal"), `${metric} is scraped by nothing on ${place.name}.`);
        });
}
