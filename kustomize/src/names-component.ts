import { readdirSync } from "node:fs";
import { join } from "node:path";
import { renamed } from "@carillon/contracts/dapr-names";
import type { PlatformNames } from "@carillon/contracts/platform-names";
import { kustomizeFolder, type Manifest, readManifests } from "./files.ts";

/** Dapr's objects in `base/dapr`. */
export const daprObjects = (): Manifest[] =>
  readdirSync(join(kustomizeFolder, "base/dapr"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".yaml") && !file.endsWith("kustomization.yaml"))
    .toSorted()
    .flatMap((file) => readManifests(join("base/dapr", file)));

/** A kustomization that gives services and sidecars these names, for the `components` of an overlay. */
export function namesComponent(names: PlatformNames): string {
  const { pubsub, stateStore, topics } = names;
  const literals = [
    `PUBSUB_NAME=${pubsub}`,
    `STATE_STORE_NAME=${stateStore}`,
    `TASK_EVENTS_TOPIC=${topics["task-events"]}`,
    `REMINDERS_TOPIC=${topics.reminders}`,
    `TASK_UPDATES_TOPIC=${topics["task-updates"]}`,
  ];
  const patches = daprObjects().flatMap((before) => {
    const operations = between(before, renamed(specified(before), names));
    const { kind, metadata } = before;
    const isNamed = operations.some(({ path }) => path === "/metadata/name");
    if (operations.length === 0) return [];
    const options = isNamed ? { options: { allowNameChange: true } } : {};
    return [{ target: { kind, name: `^${metadata.name}$` }, patch: JSON.stringify(operations), ...options }];
  });
  const component = {
    apiVersion: "kustomize.config.k8s.io/v1alpha1",
    kind: "Component",
    configMapGenerator: [{ name: "carillon-settings", behavior: "merge", literals }],
    patches,
  };
  return `# Made by \`bun kustomize/names.ts\`; regenerate it when the catalogue changes.\n${Bun.YAML.stringify(component, null, 2)}\n`;
}

/** Every object of Dapr's has a spec, be it an empty one. */
const specified = (manifest: Manifest) => ({ ...manifest, spec: { ...Object(manifest.spec) } });

type Operation = { op: "replace"; path: string; value: unknown };

/** JSON patch (RFC 6902) from one to the other; where keys differ the whole object is replaced. */
function between(before: unknown, after: unknown, path = ""): Operation[] {
  if (Bun.deepEquals(before, after)) return [];
  const [old, now] = [entriesOf(before), entriesOf(after)];
  if (old === null || now === null || Object.keys(old).join() !== Object.keys(now).join())
    return [{ op: "replace", path, value: after }];
  return Object.keys(old).flatMap((key) => between(old[key], now[key], `${path}/${key}`));
}

const entriesOf = (value: unknown): Record<string, unknown> | null =>
  typeof value === "object" && value !== null ? { ...value } : null;
