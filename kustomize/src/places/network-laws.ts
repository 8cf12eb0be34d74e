import { workloadsOf } from "../workloads.ts";
import { admits, type Connection } from "./admits.ts";
import {
  findObject,
  hasApplication,
  type Place,
  type PlaceLaw,
  type PlaceName,
  terraformBlock,
  unless,
} from "./place.ts";

/** The target port of each platform's API server: policies match this port, not the Service's 443. */
const apiServerPort: Record<PlaceName, number> = { aks: 443, gke: 443, minikube: 8_443, oke: 6_443 };
/** An address outside the cluster, or the API server: no selector matches it. */
const outside = { ip: "198.51.100.1" };
const operator = { namespace: "cnpg-system", labels: {} };
const prometheus = { namespace: "monitoring", labels: {} };

type Need = Connection & { why: string };

/** Connections that the pods of a platform need, whatever the policies are. */
function needsOf(place: Place): Need[] {
  const sidecars = workloadsOf(place.product).filter(({ annotations }) => annotations["dapr.io/enabled"] === "true");
  const ofSidecars = sidecars.map(
    ({ name, labels }): Need => ({
      direction: "Egress",
      pod: labels,
      peer: outside,
      port: apiServerPort[place.name],
      why: `the sidecar of ${name} asks the API server for its secrets`,
    }),
  );
  const ofChannels = workloadsOf(place.product)
    .filter(({ name }) => name === "notification")
    .map(
      ({ labels }): Need => ({
        direction: "Egress",
        pod: labels,
        peer: outside,
        port: 443,
        why: "notification reaches users' channels",
      }),
    );
  return [...ofSidecars, ...ofChannels, ...(findObject(place.product, "Cluster", "postgres") ? ofDatabase(place) : [])];
}

function ofDatabase({ name, product }: Place): Need[] {
  const inherited = findObject(product, "Cluster", "postgres")?.spec;
  const labelled = { "cnpg.io/cluster": "postgres" };
  const labels = Object(Object(Object(inherited).inheritedMetadata).labels);
  const pod = { ...labelled, ...labels };
  // The operator's jobs have its labels, but not our inherited ones.
  const job = { ...labelled, "cnpg.io/jobRole": "full-recovery" };
  const another = { namespace: "carillon", labels: pod };
  const out = (which: string, who: Record<string, string>): Need[] => [
    { direction: "Egress", pod: who, peer: outside, port: apiServerPort[name], why: `${which} asks the API server` },
    { direction: "Egress", pod: who, peer: outside, port: 443, why: `${which} reaches object storage` },
    { direction: "Egress", pod: who, peer: another, port: 5_432, why: `${which} reaches the database` },
  ];
  const metadata: Need[] = [pod, job].flatMap((who) =>
    name === "gke"
      ? [
          {
            direction: "Egress",
            pod: who,
            peer: { ip: "169.254.169.254" },
            port: 80,
            why: "the database gets its identity",
          },
        ]
      : [],
  );
  return [
    ...out("the database", pod),
    ...out("a standby or a restore", job),
    ...metadata,
    { direction: "Ingress", pod, peer: operator, port: 8_000, why: "the operator asks the database how it is" },
    { direction: "Ingress", pod, peer: operator, port: 5_432, why: "the operator enters the database" },
    {
      direction: "Ingress",
      pod,
      peer: { namespace: "carillon", labels: job },
      port: 5_432,
      why: "a standby copies the database",
    },
    { direction: "Ingress", pod, peer: prometheus, port: 9_187, why: "Prometheus asks the database" },
  ];
}

/** The policies allow what the platform's pods need. */
export const policiesAdmit: PlaceLaw = (place) =>
  needsOf(place)
    .filter((need) => !admits(place.product, need))
    .map(({ why, port }) => `No policy of ${place.name} admits that ${why} (port ${port}).`);

/** Ports of charts' webhooks and metrics that the API server calls; a chart that is not listed is unknown. */
const asked: Record<string, readonly number[]> = {
  "barman-cloud": [],
  "cert-manager": [10_250],
  "cloudnative-pg": [9_443],
  dapr: [4_000, 19_443],
  "envoy-gateway": [9_443],
  "external-secrets": [10_250],
  "gateway-crds": [],
  keda: [9_443, 6_443],
  "metrics-server": [10_250],
  monitoring: [10_250],
  "prometheus-crds": [],
  redpanda: [],
};
/** Ports that Google opens between a private cluster's control plane and its machines. */
const openedByGoogle = [443, 10_250];

/** The control plane reaches every webhook; a closed port blocks every object that the webhook admits. */
export const webhooksAreReached: PlaceLaw = ({ name, cluster, read }) => {
  const charts = cluster
    .filter((one) => JSON.stringify(one.spec).includes("valuesObject"))
    .map(({ metadata }) => metadata.name);
  const unknown = charts.filter((chart) => asked[chart] === undefined);
  const thought = unknown.map((chart) => `It is not said at which ports the API server asks ${chart}.`);
  if (name !== "gke") return thought;
  const rule = terraformBlock(
    read("gitops/clusters/gke/network.tf"),
    "resource",
    "google_compute_firewall",
    "webhooks",
  );
  const opened = [...rule.matchAll(/"(\d+)"/g)].map(([, port]) => Number(port));
  const closed = charts.flatMap((chart) =>
    (asked[chart] ?? [])
      .filter((port) => ![...openedByGoogle, ...opened].includes(port))
      .map((port) => `The API server of gke does not reach ${chart} at ${port}.`),
  );
  const tagged = unless(
    /tags\s*=\s*\[local\.machine_tag\]/.test(read("gitops/clusters/gke/cluster.tf")) &&
      rule.includes("target_tags   = [local.machine_tag]"),
    "The firewall of gke is not about its machines.",
  );
  return [...thought, ...closed, ...tagged];
};

/** Whether a cluster's network enforces policies; a cluster that does not must be documented. */
const enforced: Record<PlaceName, { file: string; by: string } | null> = {
  aks: { file: "gitops/clusters/aks/cluster.tf", by: 'network_policy      = "cilium"' },
  gke: { file: "gitops/clusters/gke/cluster.tf", by: '"ADVANCED_DATAPATH"' },
  minikube: { file: "gitops/clusters/minikube/up.sh", by: "--cni calico" },
  oke: null,
};

export const policiesAreEnforced: PlaceLaw = ({ name, read }) => {
  const wanted = enforced[name];
  return wanted === null
    ? unless(
        read("docs/deployment.md").includes("enforces no network policy"),
        `docs/deployment.md does not say that the network of ${name} enforces no policy.`,
      )
    : unless(read(wanted.file).includes(wanted.by), `The network of ${name} enforces no policy.`);
};

/** Client addresses reach the product, through a reserved address. */
export const gatewayIsReached: PlaceLaw = (place) => {
  const { name, product, read } = place;
  if (name === "minikube") return [];
  const proxy = findObject(product, "EnvoyProxy", "balancer");
  const text = JSON.stringify(proxy ?? {});
  const module = ["network.tf", "outputs.tf", "variables.tf"]
    .map((file) => read(`gitops/clusters/${name}/${file}`))
    .join("");
  return [
    ...unless(hasApplication(place, "envoy-gateway"), `${name} has no gateway.`),
    ...unless(
      text.includes('"externalTrafficPolicy":"Local"'),
      `The balancer of ${name} hides the addresses of clients.`,
    ),
    ...unless(/"loadBalancerIP":"[\d.]+"/.test(text), `The balancer of ${name} has no address of its own.`),
    ...unless(
      /gatewayAddress\s+= \w+\.gateway\./.test(module) && !module.includes("var.gateway_address"),
      `The address of ${name} is known only after a release, which waits for it.`,
    ),
    ...unless(
      JSON.stringify(findObject(product, "Gateway", "carillon")?.spec ?? {}).includes('"name":"balancer"'),
      `The gateway of ${name} does not use its balancer.`,
    ),
  ];
};
