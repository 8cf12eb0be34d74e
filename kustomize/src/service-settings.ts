import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ServiceName } from "@carillon/contracts/names";
import { namesSettings, sidecarSettings } from "@carillon/kit/config";
import { root } from "./files.ts";

const sourceOf = (service: ServiceName): string => join(root, service === "web" ? "web" : `services/${service}`, "src");

/** Read by OpenTelemetry in every service. */
const ofTelemetry = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"];

/** Spread groups in a service's list: `...sidecarSettings`. */
const lists: Record<string, object> = { sidecarSettings, namesSettings };

/**
 * The variables a service reads: the keys it passes to `readConfig`, taken from its sources. Each may also be given as
 * `<NAME>_FILE`.
 */
export function settingsOf(service: ServiceName): string[] {
  const known = read.get(service) ?? readSettings(service);
  read.set(service, known);
  return known;
}

const read = new Map<ServiceName, string[]>();

function readSettings(service: ServiceName): string[] {
  const folder = sourceOf(service);
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.ts$/.test(file) && !file.endsWith(".test.ts"))
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .filter((text) => /readConfig|Settings = \{|_DATABASE_URL/.test(text));
  const own = sources.flatMap((text) => namesIn(text));
  const shared = Object.keys(lists)
    .filter((list) => sources.some((text) => text.includes(`...${list}`)))
    .flatMap((list) => Object.keys(lists[list] ?? {}));
  return [...new Set([...own, ...shared, ...(service === "ops" ? provisioned : []), ...ofTelemetry])].toSorted();
}

/** Keys of an object literal that look like variables: `NAME: setting`. */
const namesIn = (text: string): string[] =>
  [...text.matchAll(/^\s+(?:\{ )?([A-Z][A-Z0-9_]+)(?::|,$)/gm)].flatMap(([, name]) => name ?? []);

/** `ops database provision` derives its names from these. */
const provisioned = ["ADMIN", "OWNER", "API", "AUDIT", "NOTIFICATION", "STATE", "OPS"].map(
  (name) => `${name}_DATABASE_URL`,
);
