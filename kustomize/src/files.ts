import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const root = resolve(import.meta.dir, "../..");
export const kustomizeFolder = join(root, "kustomize");

/** The fields that every Kubernetes object has; others are read with `at`. */
export type Manifest = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  [field: string]: unknown;
};

/** The objects of a YAML text without empty documents. @throws Error when one is not a Kubernetes object. */
export function parseManifests(text: string): Manifest[] {
  const documents = [Bun.YAML.parse(text)].flat().filter((one) => one !== null && one !== undefined);
  for (const one of documents) {
    const name = at(at(one, "metadata"), "name");
    if (typeof at(one, "kind") !== "string" || typeof at(one, "apiVersion") !== "string" || typeof name !== "string")
      throw new Error(`This is no object of Kubernetes: ${JSON.stringify(one).slice(0, 100)}`);
  }
  // Checked above.
  return documents as Manifest[];
}

/** The objects of a file under `kustomize/`. */
export const readManifests = (file: string): Manifest[] =>
  parseManifests(readFileSync(join(kustomizeFolder, file), "utf8"));

/** The value at a path of keys and indexes; undefined when any part is missing. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let here = value;
  for (const key of path) {
    if (typeof here !== "object" || here === null) return undefined;
    // Sound: any object may be read by any key.
    here = (here as Record<string | number, unknown>)[key];
  }
  return here;
}

/** The list at a path; empty when there is none. */
export function listAt(value: unknown, ...path: (string | number)[]): unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The strings in the list at a path. */
export const wordsAt = (value: unknown, ...path: (string | number)[]): string[] =>
  listAt(value, ...path).filter((one): one is string => typeof one === "string");

export const textAt = (value: unknown, ...path: (string | number)[]): string => {
  const found = at(value, ...path);
  return typeof found === "string" || typeof found === "number" ? String(found) : "";
};
