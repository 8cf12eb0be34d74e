/**
 * `bun services/dev/lab/crd-schemas.ts <folder of CustomResourceDefinitions> <out>`: a strict JSON schema for every kind and version, as
 * `<out>/<group>/<kind>_<version>.json`, where kubeconform looks for it.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

type Json = Record<string, unknown>;

const [source = "", out = ""] = process.argv.slice(2);
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Keywords whose values are examples or alternatives: closing an object there would reject what the
 * API server accepts.
 */
const untouched = ["enum", "default", "example", "oneOf", "anyOf", "allOf", "not"];

/**
 * Closes every object that lists its properties, so that a misspelt field is a fault, as in the API
 * server's strict mode.
 */
function strict(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(strict);
  if (!isObject(node)) return node;
  const closed: Json = Object.fromEntries(
    Object.entries(node).map(([name, child]) => [name, untouched.includes(name) ? child : strict(child)]),
  );
  if (node["x-kubernetes-int-or-string"] === true) {
    delete closed.type;
    delete closed.anyOf;
    closed.oneOf = [{ type: "string" }, { type: "integer" }];
  }
  const isOpen = "additionalProperties" in node || node["x-kubernetes-preserve-unknown-fields"] === true;
  if ("properties" in node && !isOpen) closed.additionalProperties = false;
  return closed;
}

function write(definition: Json): number {
  const spec = isObject(definition.spec) ? definition.spec : {};
  const kind = isObject(spec.names) ? String(spec.names.kind).toLowerCase() : "";
  const versions = Array.isArray(spec.versions) ? spec.versions : [];
  for (const version of versions) {
    const schema = strict(version.schema.openAPIV3Schema);
    if (!isObject(schema)) continue;
    const properties = isObject(schema.properties) ? schema.properties : {};
    const own = {
      apiVersion: { type: "string" },
      kind: { type: "string" },
      ...properties,
      metadata: { type: "object" },
    };
    const folder = join(out, String(spec.group));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${kind}_${version.name}.json`), JSON.stringify({ ...schema, properties: own }));
  }
  return versions.length;
}

let count = 0;
for (const file of readdirSync(source).filter((name) => name.endsWith(".yaml"))) {
  // A chart's template: the condition around it is not YAML.
  const text = readFileSync(join(source, file), "utf8").replace(/^.*\{\{.*$/gm, "");
  const documents = [Bun.YAML.parse(text)].flat();
  for (const one of documents) if (isObject(one) && one.kind === "CustomResourceDefinition") count += write(one);
}
process.stdout.write(`${count} schemas in ${out}\n`);
