import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renamed } from "@carillon/contracts/dapr-names";
import type { PlatformNames } from "@carillon/contracts/platform-names";

/** A Dapr resource, as far as it is changed here. */
export type Resource = { kind: string; metadata: { name: string }; scopes?: string[]; spec: Record<string, unknown> };

/** What differs here from the repository's files. */
export type LocalPlace = {
  brokers: string;
  /** Sidecars find each other through this SQLite file; the alternatives are multicast, or the cluster's names. */
  namesFile: string;
  /** Secret name → key → value; replaces the cluster's secrets. */
  secretsFile: string;
  /** The collector's address, or null. */
  zipkinUrl: string | null;
  /** This machine's names for components and topics. */
  names: PlatformNames;
};

export const repositoryFolder = join(import.meta.dir, "../../../../kustomize/base/dapr");

/** Every resource of the repository's, in the order of their files. */
export function readResources(folder = repositoryFolder): Resource[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".yaml") && !file.endsWith("kustomization.yaml"))
    .sort()
    .flatMap((file) => {
      const parsed: unknown = Bun.YAML.parse(readFileSync(join(folder, file), "utf8"));
      // Our own files: a test reads every one of them.
      return (Array.isArray(parsed) ? parsed : [parsed]) as Resource[];
    });
}

/**
 * The same resource for this machine: other brokers, a secrets file, names in a file, spans to Zipkin.
 * Caller rules are omitted, because they need certificates (mTLS) and there is no authority here;
 * tokens are required as everywhere.
 */
export function localized(resource: Resource, place: Omit<LocalPlace, "names">): Resource {
  const { spec } = resource;
  if (resource.kind === "Configuration") {
    const { accessControl: _, tracing: __, ...rest } = spec;
    const nameResolution = {
      component: "sqlite",
      version: "v1",
      configuration: { connectionString: place.namesFile },
    };
    const zipkin = place.zipkinUrl === null ? {} : { zipkin: { endpointAddress: `${place.zipkinUrl}/api/v2/spans` } };
    return { ...resource, spec: { ...rest, nameResolution, tracing: { samplingRate: "1", ...zipkin } } };
  }
  if (spec.type === "secretstores.kubernetes") {
    const metadata = [
      { name: "secretsFile", value: place.secretsFile },
      { name: "multiValued", value: "true" },
    ];
    return { ...resource, spec: { ...spec, type: "secretstores.local.file", metadata } };
  }
  if (spec.type === "pubsub.kafka") {
    const entries = spec.metadata as { name: string; value: string }[];
    const metadata = entries.map((entry) => (entry.name === "brokers" ? { ...entry, value: place.brokers } : entry));
    return { ...resource, spec: { ...spec, metadata } };
  }
  return resource;
}

export type WrittenFiles = { resources: string; configurationOf(appId: string): string };

/** Writes the local files into `folder` at each start, and returns where sidecars find them. */
export function writeDaprFiles(
  folder: string,
  place: LocalPlace,
  secrets: Record<string, Record<string, string>>,
): WrittenFiles {
  const resources = join(folder, "resources");
  rmSync(resources, { recursive: true, force: true });
  mkdirSync(resources, { recursive: true });
  const configurationOf = (appId: string): string => join(folder, `configuration-${appId}.yaml`);
  for (const resource of readResources()) {
    const { kind, metadata } = resource;
    const file =
      kind === "Configuration"
        ? configurationOf(metadata.name.replace(/^carillon-/, ""))
        : join(resources, `${kind.toLowerCase()}-${metadata.name}.yaml`);
    writeFileSync(file, Bun.YAML.stringify(renamed(localized(resource, place), place.names), null, 2));
  }
  writeFileSync(place.secretsFile, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  // An existing file keeps its old mode.
  chmodSync(place.secretsFile, 0o600);
  return { resources, configurationOf };
}
