import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Manifest, parseManifests, root } from "./files.ts";

/** `KUSTOMIZE`, or `kustomize` on the path, or the one inside kubectl; null when there is none. */
export function kustomizeCommand(): string[] | null {
  const named = process.env.KUSTOMIZE ?? Bun.which("kustomize");
  if (named) return [named, "build"];
  const kubectl = Bun.which("kubectl");
  return kubectl ? [kubectl, "kustomize"] : null;
}

/** Every folder that can be built: overlays, combinations, environments; from the root of the repository. */
export const folders = {
  overlays: foldersIn("kustomize/overlays"),
  combinations: foldersIn("kustomize/tests"),
  environments: foldersIn("gitops/envs"),
};

function foldersIn(parent: string): string[] {
  return readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${parent}/${name}`)
    .toSorted();
}

const rendered = new Map<string, string>();

/** The rendered YAML of a folder, cached. @throws Error with kustomize's message. */
export function renderText(command: readonly string[], folder: string): string {
  const known = rendered.get(folder);
  if (known !== undefined) return known;
  const { exitCode, stdout, stderr } = Bun.spawnSync([...command, join(root, folder)]);
  if (exitCode !== 0) throw new Error(`${folder} does not render: ${stderr.toString().trim()}`);
  rendered.set(folder, stdout.toString());
  return stdout.toString();
}

export const render = (command: readonly string[], folder: string): Manifest[] =>
  parseManifests(renderText(command, folder));
