import type { PlaceMutant } from "../../src/places/mutants.ts";

const values = (...path: (string | number)[]) => ["spec", "source", "helm", "valuesObject", ...path];
const up = "gitops/clusters/minikube/up.sh";

/** Mutants of chart values, one mistake each. */
export const chartMutants: PlaceMutant[] = [
  {
    finding: "sidecars keep capabilities in a restricted namespace",
    law: "sidecarsAreAdmitted",
    place: "minikube",
    at: {
      in: "cluster",
      object: "Application/dapr",
      path: values("dapr_sidecar_injector", "sidecarDropALLCapabilities"),
    },
    says: "Pod Security of minikube refuses every pod with a sidecar: it keeps capabilities.",
  },
  {
    finding: "the script has a value of its own for Dapr",
    law: "oneSourceForCharts",
    place: "minikube",
    at: {
      in: "file",
      file: up,
      from: "--namespace dapr-system",
      to: "--set dapr_sidecar_injector.webhookFailurePolicy=Fail --namespace dapr-system",
    },
    says: "up.sh has versions or values of its own: values dapr | helm upgrade --install dapr dapr --repo https:",
  },
  {
    finding: "the script has a version of its own for the gateway",
    law: "oneSourceForCharts",
    place: "minikube",
    at: { in: "file", file: up, from: '--version "$(version envoy-gateway)"', to: "--version v1.9.0" },
    says: "up.sh has versions or values of its own: values envoy-gateway | helm upgrade --install envoy-gateway ",
  },
  {
    finding: "the injector is asked about every pod of the cluster",
    law: "injectorIsNoTrap",
    place: "oke",
    at: { in: "cluster", object: "Application/dapr", path: values("dapr_sidecar_injector", "namespaceSelector") },
    says: "The injector of oke is asked about every pod of the cluster, its own included.",
  },
  {
    finding: "there is one injector",
    law: "injectorIsNoTrap",
    place: "oke",
    at: { in: "cluster", object: "Application/dapr", path: values("dapr_sidecar_injector", "replicaCount"), value: 1 },
    says: "oke has one injector.",
  },
  {
    finding: "a pod may start without its sidecar",
    law: "injectorIsNoTrap",
    place: "gke",
    at: {
      in: "cluster",
      object: "Application/dapr",
      path: values("dapr_sidecar_injector", "webhookFailurePolicy"),
      value: "Ignore",
    },
    says: "A pod of gke may start without its sidecar.",
  },
  {
    finding: "schedulers in memory have half a gibibyte",
    law: "schedulersHaveRoom",
    place: "oke",
    at: {
      in: "cluster",
      object: "Application/dapr",
      path: values("dapr_scheduler", "resources", "limits", "memory"),
      value: "512Mi",
    },
    says: "The schedulers of oke fill their memory with their own log.",
  },
  {
    finding: "Prometheus has no disk",
    law: "monitoringKeepsItsData",
    place: "aks",
    at: {
      in: "cluster",
      object: "Application/monitoring",
      path: values("prometheus", "prometheusSpec", "storageSpec"),
    },
    says: "Prometheus of aks loses its data when its pod moves.",
  },
  {
    finding: "Alertmanager has no disk",
    law: "monitoringKeepsItsData",
    place: "gke",
    at: {
      in: "cluster",
      object: "Application/monitoring",
      path: values("alertmanager", "alertmanagerSpec", "storage"),
    },
    says: "Alertmanager of gke loses its data when its pod moves.",
  },
  {
    finding: "dashboards' folder is read by nothing",
    law: "grafanaIsSetUp",
    place: "oke",
    at: {
      in: "cluster",
      object: "Application/monitoring",
      path: values("grafana", "sidecar", "dashboards", "folderAnnotation"),
    },
    says: "Grafana of oke puts our dashboards into no folder.",
  },
  {
    finding: "Grafana cannot show a trace",
    law: "grafanaIsSetUp",
    place: "aks",
    at: {
      in: "cluster",
      object: "Application/monitoring",
      path: values("grafana", "additionalDataSources"),
      value: [],
    },
    says: "Grafana of aks has no source of type zipkin.",
  },
  {
    finding: "a laptop runs another broker",
    law: "oneBrokerVersion",
    place: "minikube",
    at: { in: "file", file: "compose.yaml", from: "redpanda:v26.2.1", to: "redpanda:v25.2.1" },
    says: "compose.yaml runs another broker than the chart's redpanda:v26.2.1.",
  },
  {
    finding: "sidecars trace to a collector that is not there",
    law: "collectorsExist",
    place: "minikube",
    at: {
      in: "product",
      object: "Configuration/carillon-api",
      path: ["spec", "tracing"],
      value: { otel: { endpointAddress: "otel-collector:4317" } },
    },
    says: "carillon-api of minikube sends spans to otel-collector, which is not there.",
  },
  {
    finding: "the broker is not found by its own name while it starts",
    law: "brokerFindsItself",
    place: "minikube",
    at: { in: "product", object: "Service/redpanda", path: ["spec", "publishNotReadyAddresses"] },
    says: "The broker of minikube is not found by its own name while it starts.",
  },
  {
    finding: "nothing scrapes the database",
    law: "rulesAreFed",
    place: "gke",
    at: { in: "product", object: "PodMonitor/postgres", path: ["spec", "podMetricsEndpoints"], value: [] },
    says: "cnpg_pg_stat_archiver_failed_count is scraped by nothing on gke: it takes a monitor of the database.",
  },
  {
    finding: "nothing scrapes Dapr's scheduler",
    law: "rulesAreFed",
    place: "oke",
    at: { in: "file", file: "gitops/platform/monitors/dapr.yaml", from: "dapr-system", to: "dapr" },
    says: "dapr_scheduler_sidecars_connected is scraped by nothing on oke: it takes a monitor of dapr-system.",
  },
  {
    finding: "certificates' series name cert-manager's namespace",
    law: "rulesAreFed",
    place: "aks",
    at: {
      in: "cluster",
      object: "Application/cert-manager",
      path: values("prometheus", "servicemonitor", "honorLabels"),
    },
    says: "certmanager_certificate_ready_status is scraped by nothing on aks: it takes cert-manager's monitor, which keeps the certificate's namespace.",
  },
  {
    finding: "nothing scrapes the broker",
    law: "rulesAreFed",
    place: "oke",
    at: { in: "cluster", object: "Application/redpanda", path: values("monitoring", "enabled"), value: false },
    says: "redpanda_storage_disk_free_bytes is scraped by nothing on oke: it takes the broker's monitor.",
  },
];
