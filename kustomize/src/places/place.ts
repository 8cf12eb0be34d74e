import { readFileSync } from "node:fs";
import { join } from "node:path";
import { at, type Manifest, root, textAt } from "../files.ts";
import { render } from "../render.ts";

export const placeNames = ["aks", "gke", "minikube", "oke"] as const;
export type PlaceName = (typeof placeNames)[number];

/** Everything that makes up one platform. */
export type Place = {
  name: PlaceName;
  /** The rendered overlay, with all values of an environment. */
  product: readonly Manifest[];
  /** Argo CD's Applications, one chart or folder each; minikube uses their versions and values. */
  cluster: readonly Manifest[];
  /** The text of a file below the root of the repository. */
  read: (file: string) => string;
};

/** Complaints about a platform, each a sentence; empty when it is valid. */
export type PlaceLaw = (place: Place) => string[];

const readFile = (file: string): string => readFileSync(join(root, file), "utf8");

/** The platform as defined in the repository. @throws Error when one of its folders does not render. */
export const readPlace = (command: readonly string[], name: PlaceName): Place => ({
  name,
  product: render(command, name === "minikube" ? "kustomize/overlays/minikube" : `kustomize/tests/${name}-environment`),
  cluster: render(command, `gitops/platform/${name}`),
  read: readFile,
});

/** A chart's value at a path; undefined when the Application or the value is missing. */
export const chartValue = ({ cluster }: Place, application: string, ...path: (string | number)[]): unknown =>
  at(
    cluster.find(({ metadata }) => metadata.name === application),
    ...["spec", "source", "helm", "valuesObject", ...path],
  );

export const hasApplication = ({ cluster }: Place, application: string): boolean =>
  cluster.some(({ metadata }) => metadata.name === application);

/** The object of that kind and name, or undefined; matches by prefix, because hashes are appended. */
export const findObject = (manifests: readonly Manifest[], kind: string, name: string): Manifest | undefined =>
  manifests.find((one) => one.kind === kind && one.metadata.name.startsWith(name));

/** Mebibytes from `512Mi` or `1Gi`; NaN for anything else. */
export function mebibytes(given: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(Mi|Gi)$/.exec(given) ?? [];
  return Number(amount) * (unit === "Gi" ? 1_024 : 1);
}

/** A Terraform block, `resource "kind" "name" {…}`, with its content; empty when there is none. */
export function terraformBlock(text: string, kind: string, type: string, name?: string): string {
  const head = name === undefined ? `${kind} "${type}" {` : `${kind} "${type}" "${name}" {`;
  const from = text.indexOf(head);
  return from < 0 ? "" : text.slice(from, text.indexOf("\n}", from) + 2);
}

/** The complaint when a condition does not hold. */
export const unless = (holds: boolean, sentence: string): string[] => (holds ? [] : [sentence]);

export const textOf = (value: unknown, ...path: (string | number)[]): string => textAt(value, ...path);
