import { at, listAt, type Manifest, textAt } from "./files.ts";
import type { Law } from "./laws.ts";
import { ofKind, type Workload, wordsOf, workloadsOf } from "./workloads.ts";

/** Secrets that come from outside of Git (a vault, minikube's script), with their keys. */
export const secretKeys: Record<string, readonly string[]> = {
  "carillon-tokens": ["app-api-token", "dapr-api-token", "jwt-secret", "audit-key"],
  "carillon-database": ["api-url", "audit-url", "notification-url", "state-url", "ops-url"],
  "carillon-database-owner": ["uri"],
  "carillon-database-admin": ["username", "password", "uri"],
  "carillon-mail": ["resend-api-key", "smtp-password", "vapid-private-key"],
  "carillon-kafka": ["username", "password"],
  "carillon-backups": ["access-key-id", "secret-access-key"],
};

type Reference = { by: string; kind: "ConfigMap" | "Secret"; name: string; key: string; optional: boolean };

/** Every referenced ConfigMap, Secret and Configuration exists, with the referenced key. */
export const referencesExist: Law = (manifests) => {
  const maps = new Map(
    ofKind(manifests, "ConfigMap").map((map) => [map.metadata.name, Object.keys(wordsOf(map.data))]),
  );
  const references = [...workloadsOf(manifests).flatMap(ofWorkload), ...manifests.flatMap(ofComponent)];
  const missing = references.filter(({ kind, name, key, optional }) => {
    const keys = kind === "ConfigMap" ? maps.get(name) : secretKeys[name];
    return !optional && (keys === undefined || (key !== "" && !keys.includes(key)));
  });
  const configurations = ofKind(manifests, "Configuration").map(({ metadata }) => metadata.name);
  const unconfigured = workloadsOf(manifests).filter(({ annotations }) => {
    const wanted = annotations["dapr.io/config"];
    return wanted !== undefined && !configurations.includes(wanted);
  });
  return [
    ...missing.map(
      ({ by, kind, name, key }) => `${by} names ${kind} ${name}${key && ` with ${key}`}, which is not there.`,
    ),
    ...unconfigured.map(({ name }) => `${name}'s sidecar has no Configuration.`),
  ];
};

function ofWorkload({ name, pod, containers, annotations }: Workload): Reference[] {
  const ofContainers = containers.flatMap((container) => [
    ...listAt(container, "envFrom").flatMap((from) => refs(name, from, "configMapRef", "secretRef")),
    ...listAt(container, "env").flatMap((one) => refs(name, at(one, "valueFrom"), "configMapKeyRef", "secretKeyRef")),
  ]);
  const ofVolumes = listAt(pod, "volumes").flatMap((volume) => [
    ...(at(volume, "configMap") ? [reference(name, "ConfigMap", at(volume, "configMap"))] : []),
    ...(at(volume, "secret") ? [reference(name, "Secret", { name: textAt(volume, "secret", "secretName") })] : []),
  ]);
  // `VARIABLE=secret:key`, separated by commas.
  const ofSidecar = [...(annotations["dapr.io/env-from-secret"] ?? "").matchAll(/\w+=([\w-]+):([\w-]+)/g)];
  return [
    ...ofContainers,
    ...ofVolumes,
    ...ofSidecar.map(([, secret, key]) => reference(name, "Secret", { name: secret, key })),
  ];
}

const refs = (by: string, from: unknown, map: string, secret: string): Reference[] => [
  ...(at(from, map) ? [reference(by, "ConfigMap", at(from, map))] : []),
  ...(at(from, secret) ? [reference(by, "Secret", at(from, secret))] : []),
];

const reference = (by: string, kind: Reference["kind"], ref: unknown): Reference => ({
  by,
  kind,
  name: textAt(ref, "name"),
  key: textAt(ref, "key"),
  optional: at(ref, "optional") === true,
});

const ofComponent = (manifest: Manifest): Reference[] =>
  manifest.apiVersion.startsWith("dapr.io/")
    ? listAt(manifest, "spec", "metadata")
        .map((one) => at(one, "secretKeyRef"))
        .filter(Boolean)
        .map((ref) => reference(manifest.metadata.name, "Secret", ref))
    : [];

/** Dapr component types in use; a misspelt one would only show as a sidecar that does not start. */
const componentTypes = ["pubsub.kafka/v1", "state.postgresql/v2", "secretstores.kubernetes/v1", "bindings.cron/v1"];

export const componentTypesKnown: Law = (manifests) =>
  ofKind(manifests, "Component")
    .map((one) => ({
      name: one.metadata.name,
      type: `${textAt(one, "spec", "type")}/${textAt(one, "spec", "version")}`,
    }))
    .filter(({ type }) => !componentTypes.includes(type))
    .map(({ name, type }) => `Component ${name} is of type ${type}, which is unknown.`);
