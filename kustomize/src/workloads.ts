import { at, listAt, type Manifest, textAt } from "./files.ts";

/** A workload: its name, and its pod template. */
export type Workload = {
  kind: string;
  name: string;
  replicas: unknown;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  pod: unknown;
  containers: unknown[];
};

const kinds = ["Deployment", "StatefulSet", "Job"];

export function workloadsOf(manifests: readonly Manifest[]): Workload[] {
  return manifests
    .filter(({ kind }) => kinds.includes(kind))
    .map((manifest) => {
      const pod = at(manifest, "spec", "template", "spec");
      return {
        kind: manifest.kind,
        name: manifest.metadata.name,
        replicas: at(manifest, "spec", "replicas"),
        labels: wordsOf(at(manifest, "spec", "template", "metadata", "labels")),
        annotations: wordsOf(at(manifest, "spec", "template", "metadata", "annotations")),
        pod,
        containers: [...listAt(pod, "containers"), ...listAt(pod, "initContainers")],
      };
    });
}

/** The entries with string values; empty for anything else than an object. */
export function wordsOf(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, word]) => (typeof word === "string" ? [[key, word]] : [])),
  );
}

/** True when every wanted label is present. */
export const matches = (labels: Record<string, string>, wanted: Record<string, string>): boolean =>
  Object.entries(wanted).every(([key, value]) => labels[key] === value);

export const portNames = (container: unknown): string[] =>
  listAt(container, "ports").flatMap((port) => [textAt(port, "name"), textAt(port, "containerPort")]);

export const ofKind = (manifests: readonly Manifest[], ...kinds: string[]): Manifest[] =>
  manifests.filter(({ kind }) => kinds.includes(kind));
