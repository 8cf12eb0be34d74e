import type { PlaceMutant } from "../../src/places/mutants.ts";

const gkeNetwork = "gitops/clusters/gke/network.tf";
const ports = '["4000", "6443", "9443", "19443"]';

/** Mutants of network access, one mistake each. */
export const networkMutants: PlaceMutant[] = [
  {
    finding: "a sidecar does not reach the API server at the port it listens on",
    law: "policiesAdmit",
    place: "minikube",
    at: {
      in: "product",
      object: "NetworkPolicy/audit",
      path: ["spec", "egress"],
      value: [{ ports: [{ port: 443 }, { port: 6443 }] }],
    },
    says: "No policy of minikube admits that the sidecar of audit asks the API server for its secrets (port 8443).",
  },
  {
    finding: "reminders reach no channel but mail",
    law: "policiesAdmit",
    place: "oke",
    at: {
      in: "product",
      object: "NetworkPolicy/notification",
      path: ["spec", "egress"],
      value: [{ ports: [{ port: 587 }, { port: 6443 }] }],
    },
    says: "No policy of oke admits that notification reaches users' channels (port 443).",
  },
  {
    finding: "a restore's job is not the policy's",
    law: "policiesAdmit",
    place: "aks",
    at: {
      in: "product",
      object: "NetworkPolicy/postgres-cluster",
      path: ["spec", "podSelector"],
      value: { matchLabels: { "app.kubernetes.io/name": "postgres" } },
    },
    says: "No policy of aks admits that a standby or a restore reaches object storage (port 443).",
  },
  {
    finding: "the operator may not enter the database",
    law: "policiesAdmit",
    place: "oke",
    at: {
      in: "product",
      object: "NetworkPolicy/postgres-cluster",
      path: ["spec", "ingress", 0, "from", 2],
      value: { podSelector: { matchLabels: { "cnpg.io/cluster": "postgres" } } },
    },
    says: "No policy of oke admits that the operator enters the database (port 5432).",
  },
  {
    finding: "Prometheus may not ask the database",
    law: "policiesAdmit",
    place: "gke",
    at: {
      in: "product",
      object: "NetworkPolicy/postgres-cluster",
      path: ["spec", "ingress", 2, "ports", 0, "port"],
      value: 9_188,
    },
    says: "No policy of gke admits that Prometheus asks the database (port 9187).",
  },
  {
    finding: "the database gets no identity from the metadata server",
    law: "policiesAdmit",
    place: "gke",
    at: {
      in: "product",
      object: "NetworkPolicy/postgres-cluster",
      path: ["spec", "egress", 2],
      value: { ports: [{ port: 988 }] },
    },
    says: "No policy of gke admits that the database gets its identity (port 80).",
  },
  {
    finding: "the API server does not reach Dapr's injector",
    law: "webhooksAreReached",
    place: "gke",
    at: { in: "file", file: gkeNetwork, from: ports, to: ports.replace('"4000", ', "") },
    says: "The API server of gke does not reach dapr at 4000.",
  },
  {
    finding: "the API server does not reach KEDA's metrics",
    law: "webhooksAreReached",
    place: "gke",
    at: { in: "file", file: gkeNetwork, from: ports, to: ports.replace('"6443", ', "") },
    says: "The API server of gke does not reach keda at 6443.",
  },
  {
    finding: "the firewall is about machines that do not carry its tag",
    law: "webhooksAreReached",
    place: "gke",
    at: { in: "file", file: "gitops/clusters/gke/cluster.tf", from: "tags            = [local.machine_tag]", to: "" },
    says: "The firewall of gke is not about its machines.",
  },
  {
    finding: "a new chart's webhook is unknown",
    law: "webhooksAreReached",
    place: "gke",
    at: { in: "cluster", object: "Application/keda", path: ["metadata", "name"], value: "kyverno" },
    says: "It is not said at which ports the API server asks kyverno.",
  },
  {
    finding: "a laptop's network enforces nothing",
    law: "policiesAreEnforced",
    place: "minikube",
    at: { in: "file", file: "gitops/clusters/minikube/up.sh", from: "--cni calico", to: "" },
    says: "The network of minikube enforces no policy.",
  },
  {
    finding: "the page keeps silent about a network that enforces nothing",
    law: "policiesAreEnforced",
    place: "oke",
    at: { in: "file", file: "docs/deployment.md", from: "enforces no network policy", to: "is fine" },
    says: "docs/deployment.md does not say that the network of oke enforces no policy.",
  },
  {
    finding: "the balancer hides the addresses of clients",
    law: "gatewayIsReached",
    place: "aks",
    at: {
      in: "product",
      object: "EnvoyProxy/balancer",
      path: ["spec", "provider", "kubernetes", "envoyService", "externalTrafficPolicy"],
      value: "Cluster",
    },
    says: "The balancer of aks hides the addresses of clients.",
  },
  {
    finding: "the gateway's address is known only after the first release",
    law: "gatewayIsReached",
    place: "gke",
    at: {
      in: "file",
      file: gkeNetwork,
      from: "google_compute_address.gateway.address",
      to: "var.gateway_address",
    },
    says: "The address of gke is known only after a release, which waits for it.",
  },
];
