import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "./cluster.ts";
import type { Lab } from "./lab.ts";

/** Every folder that is applied somewhere, with the namespace it goes to. */
export function renderedFolders(root: string): { folder: string; namespace: string }[] {
  const below = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${folder}/${entry.name}`);
  const product = [...below("kustomize/overlays"), ...below("gitops/envs")];
  const platform = [
    "argocd/apps",
    "argocd/monitoring",
    "gitops/platform/certificates",
    "gitops/platform/gateway",
    "gitops/platform/guards",
    "gitops/platform/monitors",
    "gitops/platform/zipkin",
  ];
  const clouds = ["gitops/platform/oke", "gitops/platform/aks", "gitops/platform/gke"];
  return [
    ...product.map((folder) => ({ folder, namespace: "carillon" })),
    ...[...platform, ...clouds].map((folder) => ({ folder, namespace: "argocd" })),
  ];
}

/**
 * How many objects of `folder` the API server accepts, strictly.
 * @throws Error with its message for an object, including warnings (Pod Security, unknown fields).
 */
export async function dryRun(lab: Lab, cluster: Cluster, root: string, folder: string): Promise<number> {
  const rendered = await lab.must(["kustomize", "build", join(root, folder)]);
  const expected = rendered.split("\n").filter((line) => line.startsWith("kind: ")).length;
  const words = ["apply", "--server-side", "--dry-run=server", "--validate=strict", "--force-conflicts", "-f", "-"];
  const ran = await cluster.kubectl(words, rendered);
  if (!ran.ok || /^Warning:/m.test(ran.stderr)) throw new Error(`${folder}: ${ran.stderr.trim()}`);
  const taken = ran.stdout.split("\n").filter((line) => line.includes("serverside-applied")).length;
  if (taken !== expected || taken === 0) throw new Error(`${folder}: ${expected} objects rendered, ${taken} taken`);
  return taken;
}
