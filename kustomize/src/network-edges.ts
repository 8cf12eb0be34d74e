import { subscriptions } from "@carillon/contracts/catalog";
import { defaultInternalPorts, defaultPorts, type ServiceName, services } from "@carillon/contracts/names";
import { listAt, type Manifest, readManifests, textAt, wordsAt } from "./files.ts";

/** Allowed connections, each derived from an existing source: catalogue, Dapr's files, settings, routes. */
export type Edges = {
  /** Caller → services that its sidecar may call (`accessControl`). */
  invokes: [ServiceName, ServiceName][];
  /** Caller → services called over plain HTTP at their public port (`API_URL`, `REALTIME_URL`). */
  asks: [ServiceName, ServiceName][];
  /** The same at their internal port (`API_INTERNAL_URL`). */
  asksInside: [ServiceName, ServiceName][];
  broker: ServiceName[];
  database: ServiceName[];
  public: ServiceName[];
  mail: ServiceName[];
  /** Services that ask a sign-in provider. */
  provider: ServiceName[];
};

/** Target ports of API servers, which policies match: 443 (AKS, GKE), 6443 (OKE, most), 8443 (minikube). */
const apiServerPorts = [443, 6_443, 8_443];

/** Port between sidecars. */
const sidecarPort = 50_002;

const isService = (name: string): name is ServiceName => services.some((service) => service === name);
const sidecarred: readonly ServiceName[] = services.filter((service) => service !== "web");

/** The edges that the catalogue and the manifests require. `settings` maps each service to the variables it reads. */
export function readEdges(settings: (service: ServiceName) => readonly string[]): Edges {
  // ops calls services only in its smoke test, which has its own policy.
  const askers = services.filter((name) => name !== "ops");
  const asks = (variable: string, target: ServiceName): [ServiceName, ServiceName][] =>
    askers.filter((name) => settings(name).includes(variable)).map((name) => [name, target]);
  const consumers = subscriptions.map(({ service }) => service);
  return {
    invokes: readManifests("base/dapr/configuration.yaml").flatMap(invocations),
    // realtime reads API_URL only to derive the internal address.
    asks: [...asks("API_URL", "api"), ...asks("REALTIME_URL", "realtime")].filter(([from]) => from !== "realtime"),
    asksInside: asks("API_INTERNAL_URL", "api"),
    // api publishes, ops reads; the others are in the catalogue.
    broker: services.filter((name) => name === "api" || name === "ops" || consumers.includes(name)),
    database: services.filter((name) => settings(name).includes("DATABASE_URL") || stateUsers().includes(name)),
    public: [...new Set(readManifests("components/gateway/routes.yaml").flatMap(backends))],
    mail: services.filter((name) => settings(name).includes("SMTP_HOST")),
    provider: services.filter((name) => settings(name).includes("OIDC_ISSUER")),
  };
}

const stateUsers = (): string[] => readManifests("base/dapr/statestore.yaml").flatMap((one) => wordsAt(one, "scopes"));

function invocations({ metadata, spec }: Manifest): [ServiceName, ServiceName][] {
  const callee = metadata.name.replace(/^carillon-/, "");
  const callers = listAt(spec, "accessControl", "policies").map((policy) => textAt(policy, "appId"));
  return callers.flatMap((caller) => (isService(caller) && isService(callee) ? [[caller, callee]] : []));
}

const backends = ({ spec }: Manifest): ServiceName[] =>
  listAt(spec, "rules")
    .flatMap((rule) => listAt(rule, "backendRefs"))
    .map((backend) => textAt(backend, "name"))
    .filter(isService);

/** The policies as YAML: default deny, then ingress and egress of each service. */
export function networkPolicies(edges: Edges): string {
  return `${head}${services.map((service) => policyOf(service, edges)).join("")}`;
}

const head = `# Made from the catalogue, Dapr's files, the settings and the routes by \`npm run gen\`; a test refuses a stale file.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: allow-dns
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } } }]
      ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }]
`;

function policyOf(service: ServiceName, edges: Edges): string {
  const ingress = ingressOf(service, edges);
  const egress = egressOf(service, edges);
  return `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${service}
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: ${service} } }
  policyTypes: [Ingress, Egress]
  ingress:
${ingress.join("")}  egress:
${egress.join("")}`;
}

const rule = (why: string, direction: "from" | "to", peers: string[], ports: number[]): string =>
  `    # ${why}\n    - ${peers.length > 0 ? `${direction}: [${peers.join(", ")}]\n      ` : ""}ports: [${ports.map((port) => `{ port: ${port}, protocol: TCP }`).join(", ")}]\n`;
const pod = (name: string): string => `{ podSelector: { matchLabels: { app.kubernetes.io/name: ${name} } } }`;
const space = (name: string): string =>
  `{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ${name} } } }`;

function ingressOf(service: ServiceName, { public: open, asks, asksInside, invokes }: Edges): string[] {
  const port = defaultPorts[service];
  const internalPort = defaultInternalPorts[service];
  const inside = asksInside.filter(([, target]) => target === service).map(([from]) => pod(from));
  const askers = asks.filter(([, target]) => target === service).map(([from]) => pod(from));
  const callers = invokes.filter(([, target]) => target === service).map(([from]) => pod(from));
  const hasSidecar = sidecarred.includes(service);
  return [
    ...(open.includes(service) ? [rule("the gateway", "from", [space("envoy-gateway-system")], [port])] : []),
    ...(askers.length > 0 ? [rule("neighbours, over plain HTTP", "from", askers, [port])] : []),
    ...(inside.length > 0 ? [rule("neighbours, at their own door", "from", inside, [internalPort])] : []),
    ...(callers.length > 0 ? [rule("neighbours' sidecars", "from", callers, [sidecarPort])] : []),
    rule("Prometheus", "from", [space("monitoring")], hasSidecar ? [internalPort, 9_090] : [internalPort]),
  ];
}

function egressOf(
  service: ServiceName,
  { asks, asksInside, invokes, broker, database, mail, provider }: Edges,
): string[] {
  const hasSidecar = sidecarred.includes(service);
  return [
    ...asks.flatMap(([from, target]) =>
      from === service ? [rule("plain HTTP", "to", [pod(target)], [defaultPorts[target]])] : [],
    ),
    ...asksInside.flatMap(([from, target]) =>
      from === service ? [rule("plain HTTP, inside", "to", [pod(target)], [defaultInternalPorts[target]])] : [],
    ),
    ...invokes.flatMap(([from, target]) =>
      from === service ? [rule("by its sidecar", "to", [pod(target)], [sidecarPort])] : [],
    ),
    ...(broker.includes(service) ? [rule("the broker", "to", [pod("redpanda"), space("redpanda")], [9_092])] : []),
    ...(database.includes(service) ? [rule("the database", "to", [pod("postgres")], [5_432])] : []),
    ...(mail.includes(service)
      ? [rule("mail: Resend, or a relay; users' channels", "to", [], [25, 443, 465, 587])]
      : []),
    ...(provider.includes(service) ? [rule("a sign-in provider", "to", [], [443])] : []),
    rule("traces", "to", [pod("otel-collector")], hasSidecar ? [4_317, 4_318] : [4_318]),
    // sentry, operator, scheduler
    ...(hasSidecar ? [rule("Dapr's control plane", "to", [space("dapr-system")], [50_001, 6_500, 50_006])] : []),
    // The API server's address depends on the platform: no selector matches it.
    ...(hasSidecar ? [rule("the secrets its components name", "to", [], apiServerPorts)] : []),
  ];
}
