import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { composeFiles } from "./compose-files.ts";
import { readResources } from "./dapr-files.ts";

const folder = join(import.meta.dir, "../generated/compose");

test("compose's files of Dapr are the repository's", () => {
  for (const [file, text] of composeFiles()) {
    const path = join(folder, file);
    expect({ file, text: existsSync(path) ? readFileSync(path, "utf8") : "" }).toEqual({ file, text });
  }
  const there = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".yaml"));
  expect(there.sort()).toEqual([...composeFiles().keys()].sort());
});

test("only names, secrets and rules about callers differ", () => {
  const given = readResources().filter(({ kind }) => kind !== "Configuration");
  for (const resource of given) {
    const file = `resources/${resource.kind.toLowerCase()}-${resource.metadata.name}.yaml`;
    const made: unknown = Bun.YAML.parse(composeFiles().get(file) ?? "");
    if (resource.metadata.name === "kubernetes-secrets")
      expect(made).toMatchObject({ spec: { type: "secretstores.local.file" } });
    else expect(made).toEqual(resource);
  }
});
