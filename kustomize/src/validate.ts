import { at, listAt, textAt } from "./files.ts";

/**
 * How many objects kubeconform found valid, and its errors for the others; an object without a schema is an error, because skipped
 * objects prove nothing. `schemas` holds `kubernetes/` and `crds/<group>/`.
 */
export function validate(text: string, schemas: string): { valid: number; faults: string[] } {
  const { stdout, stderr } = Bun.spawnSync(
    [
      "kubeconform",
      ...["-strict", "-summary", "-output", "json"],
      ...["-schema-location", `${schemas}/kubernetes/{{.ResourceKind}}{{.KindSuffix}}.json`],
      ...["-schema-location", `${schemas}/crds/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json`],
    ],
    { stdin: Buffer.from(text) },
  );
  const report: unknown = JSON.parse(stdout.toString() || "null");
  if (report === null) throw new Error(`kubeconform says nothing but: ${stderr.toString()}`);
  const faults = listAt(report, "resources").map(
    (one) => `${textAt(one, "kind")} ${textAt(one, "name")}: ${textAt(one, "msg")}`,
  );
  return { valid: Number(at(report, "summary", "valid")), faults };
}
