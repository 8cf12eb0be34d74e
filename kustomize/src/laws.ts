import { at, listAt, type Manifest, textAt } from "./files.ts";
import { matches, ofKind, portNames, type Workload, wordsOf, workloadsOf } from "./workloads.ts";

/** Complaints about a rendered folder, each a sentence, that validators and API servers do not raise. */
export type Law = (manifests: readonly Manifest[]) => string[];

const probes = ["startupProbe", "readinessProbe", "livenessProbe"];

/** Every referenced port exists in a container. */
export const portsExist: Law = (manifests) => {
  const workloads = workloadsOf(manifests);
  const ofProbes = workloads.flatMap(({ name, containers }) =>
    containers.flatMap((container) =>
      probes.flatMap((probe) => {
        const asked = textAt(container, probe, "httpGet", "port") || textAt(container, probe, "tcpSocket", "port");
        return asked === "" || portNames(container).includes(asked) ? [] : [`${name}: ${probe} asks port ${asked}.`];
      }),
    ),
  );
  const ofServices = ofKind(manifests, "Service").flatMap((service) => servicePorts(service, workloads));
  const ofRoutes = ofKind(manifests, "HTTPRoute").flatMap((route) => routeTargets(route, manifests));
  return [...ofProbes, ...ofServices, ...ofRoutes];
};

function servicePorts(service: Manifest, workloads: readonly Workload[]): string[] {
  const name = service.metadata.name;
  const selected = workloads.filter(({ labels }) => matches(labels, wordsOf(at(service, "spec", "selector"))));
  if (selected.length === 0) return [`Service ${name} selects nothing.`];
  // Otherwise a job's pod would receive user requests.
  const jobs = selected
    .filter(({ kind }) => kind === "Job")
    .map((job) => `Service ${name} selects the job ${job.name}.`);
  const open = selected.flatMap(({ containers }) => containers.flatMap(portNames));
  const closed = listAt(service, "spec", "ports")
    .map((port) => textAt(port, "targetPort") || textAt(port, "port"))
    .filter((port) => !open.includes(port))
    .map((port) => `Service ${name} leads to port ${port}, which no container has.`);
  return [...jobs, ...closed];
}

function routeTargets(route: Manifest, manifests: readonly Manifest[]): string[] {
  const backends = listAt(route, "spec", "rules").flatMap((rule) => listAt(rule, "backendRefs"));
  return backends.flatMap((backend) => {
    const service = ofKind(manifests, "Service").find(({ metadata }) => metadata.name === textAt(backend, "name"));
    const ports = listAt(service, "spec", "ports").map((port) => textAt(port, "port"));
    return ports.includes(textAt(backend, "port"))
      ? []
      : [`Route ${route.metadata.name} leads to ${textAt(backend, "name")}:${textAt(backend, "port")}.`];
  });
}

/** References of scalers, budgets, roles and pods exist. */
export const targetsExist: Law = (manifests) => {
  const workloads = workloadsOf(manifests);
  const isThere = (name: string): boolean => workloads.some((one) => one.name === name && one.kind === "Deployment");
  const scaled = ofKind(manifests, "HorizontalPodAutoscaler", "ScaledObject")
    .filter((scaler) => !isThere(textAt(scaler, "spec", "scaleTargetRef", "name")))
    .map((scaler) => `${scaler.kind} ${scaler.metadata.name} scales nothing.`);
  const budgets = ofKind(manifests, "PodDisruptionBudget")
    .filter((budget) => {
      const wanted = wordsOf(at(budget, "spec", "selector", "matchLabels"));
      return !workloads.some(({ labels }) => matches(labels, wanted));
    })
    .map((budget) => `PodDisruptionBudget ${budget.metadata.name} selects nothing.`);
  const accounts = ofKind(manifests, "ServiceAccount").map(({ metadata }) => metadata.name);
  const strangers = workloads
    .filter(({ pod }) => !["", ...accounts].includes(textAt(pod, "serviceAccountName")))
    .map(({ name }) => `${name} runs as a service account that is not there.`);
  return [...scaled, ...budgets, ...strangers];
};

/** Only one source sets the replica count: otherwise Argo CD and the scaler revert each other. */
export const noReplicasBesideScaler: Law = (manifests) => {
  const scaled = ofKind(manifests, "HorizontalPodAutoscaler", "ScaledObject").map((scaler) =>
    textAt(scaler, "spec", "scaleTargetRef", "name"),
  );
  return workloadsOf(manifests)
    .filter(({ name, replicas }) => replicas !== undefined && scaled.includes(name))
    .map(({ name }) => `${name} states replicas beside a scaler.`);
};

/** Our images by digest, others by an exact version. */
export const imagesPinned: Law = (manifests) =>
  workloadsOf(manifests).flatMap(({ name, containers }) =>
    containers
      .map((container) => textAt(container, "image"))
      .filter((image) => {
        const isOurs = /(^|\/)carillon\//.test(image);
        return isOurs
          ? !/@sha256:[0-9a-f]{64}$/.test(image)
          : !/(@sha256:[0-9a-f]{64}|:v?\d+\.\d+[\w.-]*)$/.test(image);
      })
      .map((image) => `${name} runs ${image}, which may change.`),
  );

/** No container runs as root, images are read-only, no token of the cluster is mounted, and resources are requested. */
export const podsAreSafe: Law = (manifests) =>
  workloadsOf(manifests).flatMap(({ name, pod, containers }) => {
    const ofPod = [
      at(pod, "securityContext", "runAsNonRoot") === true ? null : "may be root",
      at(pod, "securityContext", "seccompProfile", "type") === "RuntimeDefault" ? null : "has no seccomp profile",
      at(pod, "automountServiceAccountToken") === false ? null : "has a token of the cluster",
    ];
    const ofContainers = containers.flatMap((container) => [
      at(container, "securityContext", "readOnlyRootFilesystem") === true ? null : "may write into its image",
      at(container, "securityContext", "allowPrivilegeEscalation") === false ? null : "may gain rights",
      listAt(container, "securityContext", "capabilities", "drop").includes("ALL") ? null : "keeps capabilities",
      textAt(container, "resources", "requests", "cpu") && textAt(container, "resources", "requests", "memory")
        ? null
        : "does not say what it needs",
      textAt(container, "resources", "limits", "memory") ? null : "may take all memory",
    ]);
    return [...ofPod, ...ofContainers].flatMap((fault) => (fault === null ? [] : [`${name} ${fault}.`]));
  });

/** A value that only an environment knows is missing. */
export const nothingLeftOpen: Law = (manifests) =>
  manifests
    .filter((manifest) => /replaced-by-the-environment|carillon\.invalid/.test(JSON.stringify(manifest)))
    .map(({ kind, metadata }) => `${kind} ${metadata.name} waits for a word of the environment.`);

/** A restored database reads one archive and writes to another: a shared one would be corrupted. */
export const restoresApart: Law = (manifests) =>
  ofKind(manifests, "Cluster").flatMap((cluster) => {
    const source = textAt(cluster, "spec", "bootstrap", "recovery", "source");
    if (source === "") return [];
    const origin = listAt(cluster, "spec", "externalClusters").find((one) => textAt(one, "name") === source);
    const archiver = listAt(cluster, "spec", "plugins").find((one) => at(one, "isWALArchiver") === true);
    const [from, to] = [at(origin, "plugin", "parameters"), at(archiver, "parameters")];
    const stores = ofKind(manifests, "ObjectStore").map(({ metadata }) => metadata.name);
    const name = cluster.metadata.name;
    return [
      stores.includes(textAt(from, "barmanObjectName")) ? null : `${name} is restored from a store that is not there.`,
      textAt(from, "serverName") !== "" && textAt(to, "serverName") !== ""
        ? null
        : `${name} does not say whose log is whose.`,
      textAt(from, "serverName") !== textAt(to, "serverName")
        ? null
        : `${name} archives into the log that it is restored from.`,
    ].flatMap((fault) => fault ?? []);
  });
