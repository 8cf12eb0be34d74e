import { localized, type Resource, readResources } from "./dapr-files.ts";

/** The path of the secrets file in a sidecar's container in compose.yaml. */
export const secretsFile = "/run/carillon/dapr-secrets.json";

/**
 * File name → text of Dapr's files for compose.yaml: the repository's own, with a secrets file and
 * without caller rules, which need certificates. A service's name is its host's name there, so
 * sidecars find each other as by a cluster's names.
 */
export function composeFiles(): Map<string, string> {
  const files = readResources().map((resource): [string, string] => {
    const { kind, metadata } = resource;
    const file =
      kind === "Configuration"
        ? `configuration-${metadata.name.replace(/^carillon-/, "")}.yaml`
        : `resources/${kind.toLowerCase()}-${metadata.name}.yaml`;
    return [file, `${note}${Bun.YAML.stringify(forCompose(resource), null, 2)}\n`];
  });
  return new Map(files);
}

/** Compose has a collector; in a cluster components/tracing says the same. */
const tracing = {
  samplingRate: "1",
  otel: { endpointAddress: "otel-collector:4317", isSecure: false, protocol: "grpc" },
};
const note = "# Made by `npm run gen` from kustomize/base/dapr.\n";

function forCompose(resource: Resource): Resource {
  // Undoes what this machine's variant changes and compose does not: brokers and the collector have
  // their cluster names here.
  const brokers = String(brokersOf(resource) ?? "");
  const local = localized(resource, { brokers, namesFile: "", secretsFile, zipkinUrl: null });
  if (resource.kind !== "Configuration") return local;
  const nameResolution = { component: "kubernetes", version: "v1", configuration: { template: "{{.ID}}:{{.Port}}" } };
  return { ...local, spec: { ...local.spec, nameResolution, tracing } };
}

function brokersOf({ spec }: Resource): unknown {
  const entries = Array.isArray(spec.metadata) ? spec.metadata : [];
  return entries.find((entry: { name?: unknown }) => entry.name === "brokers")?.value;
}
