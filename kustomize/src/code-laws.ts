import { subscriptions, subscriptionsOf } from "@carillon/contracts/catalog";
import {
  defaultInternalPorts,
  defaultPorts,
  type ServiceName,
  services,
  slotCount,
  topics,
} from "@carillon/contracts/names";
import { registry } from "@carillon/kit/observe";
import { listAt, type Manifest, textAt } from "./files.ts";
import type { Law } from "./laws.ts";
import { settingsOf } from "./service-settings.ts";
import { ofKind, type Workload, wordsOf, workloadsOf } from "./workloads.ts";

const serviceOf = ({ labels, containers }: Workload): ServiceName | undefined =>
  containers.some((container) => textAt(container, "image").includes("carillon/"))
    ? services.find((name) => name === labels["app.kubernetes.io/name"])
    : undefined;

/** The program reads every variable: a misspelt one would be ignored silently. */
export const variablesKnown: Law = (manifests) => {
  const known = new Set(services.flatMap(settingsOf));
  const ofSettings = ofKind(manifests, "ConfigMap")
    .filter(({ metadata }) => metadata.name.startsWith("carillon-settings"))
    .flatMap(({ data }) => Object.keys(wordsOf(data)))
    .filter((name) => !known.has(name))
    .map((name) => `carillon-settings has ${name}, which no service reads.`);
  const ofPods = workloadsOf(manifests).flatMap((workload) => {
    const service = serviceOf(workload);
    if (!service) return [];
    const own = new Set(settingsOf(service));
    const given = workload.containers.flatMap((container) =>
      listAt(container, "env").map((one) => textAt(one, "name")),
    );
    return given
      .filter((name) => !own.has(name) && !own.has(name.replace(/_FILE$/, "")))
      .map((name) => `${workload.name} is given ${name}, which ${service} does not read.`);
  });
  return [...ofSettings, ...ofPods];
};

/** Ports, app ids, probes and commands match the code. */
export const namesAreTheCodes: Law = (manifests) =>
  workloadsOf(manifests).flatMap((workload) => {
    const service = serviceOf(workload);
    if (!service) return [];
    const port = String(defaultPorts[service]);
    const internalPort = String(defaultInternalPorts[service]);
    const { annotations, containers, name, kind } = workload;
    const faults = containers.flatMap((container) => [
      textAt(container, "image").includes(`carillon/${service}`) ? null : `runs ${textAt(container, "image")}`,
      kind === "Job" || textAt(container, "ports", 0, "containerPort") === port ? null : "listens on another port",
      kind === "Job" || textAt(container, "ports", 1, "containerPort") === internalPort
        ? null
        : "is found by its neighbours on another port",
      ...["startupProbe", "livenessProbe", "readinessProbe"].map((probe) =>
        ["", "/health/live", "/health/ready"].includes(textAt(container, probe, "httpGet", "path"))
          ? null
          : `has a ${probe} that no route answers`,
      ),
    ]);
    const enabled = annotations["dapr.io/enabled"] === "true";
    const sidecar = enabled
      ? [
          annotations["dapr.io/app-id"] === service ? null : "has another app id",
          annotations["dapr.io/app-port"] === internalPort ? null : "has a sidecar that calls another port",
        ]
      : [kind === "Job" || service === "web" ? null : "has no sidecar"];
    return [...faults, ...sidecar].flatMap((fault) => (fault === null ? [] : [`${name} ${fault}.`]));
  });

/** Neighbours' addresses in the settings match their Services. */
export const addressesLead: Law = (manifests) =>
  ofKind(manifests, "ConfigMap")
    .filter(({ metadata }) => metadata.name.startsWith("carillon-settings"))
    .flatMap(({ data }) => {
      const { API_URL, API_INTERNAL_URL, REALTIME_URL } = wordsOf(data);
      return [
        API_URL === `http://api:${defaultPorts.api}` ? null : `API_URL is ${API_URL}.`,
        API_INTERNAL_URL === `http://api:${defaultInternalPorts.api}`
          ? null
          : `API_INTERNAL_URL is ${API_INTERNAL_URL}.`,
        REALTIME_URL === `http://realtime:${defaultPorts.realtime}` ? null : `REALTIME_URL is ${REALTIME_URL}.`,
      ].flatMap((fault) => fault ?? []);
    });

/** Dapr's subscriptions and the scalers' queries use existing topics and metrics. */
export const topicsAndMetricsExist: Law = (manifests) => [
  ...ofKind(manifests, "Subscription").flatMap((one) => {
    const [scope] = listAt(one, "scopes");
    const wanted = subscriptions.find(
      ({ service, topic }) => service === scope && topic === textAt(one, "spec", "topic"),
    );
    const isSame =
      wanted !== undefined &&
      textAt(one, "spec", "routes", "default") === wanted.route &&
      textAt(one, "spec", "deadLetterTopic") === (wanted.deadLetter ?? "");
    return isSame ? [] : [`Subscription ${one.metadata.name} is not the catalogue's.`];
  }),
  ...ofKind(manifests, "ScaledObject").flatMap(lagOf),
];

function lagOf(scaler: Manifest): string[] {
  const name = scaler.metadata.name;
  const query = textAt(scaler, "spec", "triggers", 0, "metadata", "query");
  const [, metric, group, topic] = /^max\((\w+)\{group="(\w+)",topic="([\w-]+)"\}\)$/.exec(query) ?? [];
  const known = topics.find((one) => one === topic);
  const isConsumer =
    known !== undefined && subscriptionsOf(known).some(({ service }) => service === group && service === name);
  return [
    metric !== undefined && registry.getSingleMetric(metric) ? null : `ScaledObject ${name} asks ${metric}.`,
    isConsumer ? null : `ScaledObject ${name} watches ${group} on ${topic}.`,
    textAt(scaler, "spec", "maxReplicaCount") === String(slotCount)
      ? null
      : `ScaledObject ${name} has not one for each partition.`,
  ].flatMap((fault) => fault ?? []);
}

/** Public paths of api and realtime; everything else goes to web, and internal paths are blocked. */
const open: Record<string, readonly string[]> = {
  api: ["/api", "/docs", "/redoc", "/openapi.json", "/mcp", "/calendar"],
  realtime: ["/stream", "/ws"],
  web: ["/"],
};
const closed = ["/internal", "/events", "/job", "/dapr", "/metrics"];

/** Only public paths are reachable; internal paths of web, which receives everything else, are blocked by name. */
export const onlyOpenPaths: Law = (manifests) => {
  const rules = ofKind(manifests, "HTTPRoute").flatMap((route) => listAt(route, "spec", "rules"));
  const pathsOf = (rule: unknown): string[] => listAt(rule, "matches").map((match) => textAt(match, "path", "value"));
  const led = rules.flatMap((rule) => {
    const target = textAt(rule, "backendRefs", 0, "name");
    return target === ""
      ? []
      : pathsOf(rule)
          .filter((path) => !open[target]?.includes(path))
          .map((path) => `${path} leads to ${target}.`);
  });
  const inside = rules
    .map((rule) => textAt(rule, "backendRefs", 0, "port"))
    .filter((port) => Object.values(defaultInternalPorts).map(String).includes(port))
    .map((port) => `A route leads to ${port}, a door for neighbours.`);
  const walls = rules.filter((rule) => textAt(rule, "filters", 0, "type") === "ExtensionRef").flatMap(pathsOf);
  const gaps =
    rules.length === 0 ? [] : closed.filter((path) => !walls.includes(path)).map((path) => `${path} is not walled up.`);
  return [...led, ...inside, ...gaps];
};
