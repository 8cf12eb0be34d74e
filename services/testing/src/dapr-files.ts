import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Resource } from "./dapr-stack.ts";

const folder = resolve(import.meta.dir, "../../../kustomize/base/dapr");

/** One of the product's own Dapr files, without its scopes and logins: a test has neither neighbours nor secrets. */
export function productResource(file: string): Resource {
  // Our own file, whose shape Dapr itself checks.
  const { scopes: _, auth: __, ...resource } = Bun.YAML.parse(readFileSync(join(folder, file), "utf8")) as Resource;
  return resource;
}

/** The component with these settings in place of its own; null takes one out. */
export function withSettings(component: Resource, settings: Record<string, string | null>): Resource {
  // As above: a component has `spec.metadata`, a list of names and values.
  const spec = component.spec as { metadata: { name: string }[] };
  const kept = spec.metadata.filter(({ name }) => !(name in settings));
  const changed = Object.entries(settings).flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));
  return { ...component, spec: { ...spec, metadata: [...kept, ...changed] } };
}
