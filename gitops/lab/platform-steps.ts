import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Application } from "./applications.ts";
import { waitFor } from "./lab.ts";
import type { World } from "./steps.ts";

type Charted = { name: string; wave: number; foreign: boolean };

/** The platform's Applications as defined in the repository. */
function platformOf({ repository }: World): Charted[] {
  const folder = "gitops/platform/base";
  return readdirSync(join(repository.work, folder))
    .filter((file) => file !== "kustomization.yaml")
    .map((file) => {
      const text = repository.read(`${folder}/${file}`);
      return {
        name: /^ {2}name: (.+)$/m.exec(text)?.[1] ?? file,
        wave: Number(/sync-wave: "(\d+)"/.exec(text)?.[1]),
        foreign: !text.includes(`file://${repository.origin}`),
      };
    });
}

/** Charts cannot be fetched here: the first wave is created, reports that, and no later wave starts. */
export async function foreignChartsAreReported(world: World): Promise<number> {
  const all = platformOf(world);
  const first = all.filter(({ wave }) => wave === 0);
  const took = await waitFor("the first wave to say that it cannot be rendered", 180_000, async () => {
    for (const { name } of first) {
      const reason = await new Application(world.staging, name).condition("ComparisonError");
      if (reason === null) throw new Error(`${name} says nothing`);
    }
    return true;
  });
  const early = await namesOf(
    world,
    all.filter(({ wave }) => wave > 0),
  );
  if (early.length > 0) throw new Error(`Started before the first wave was healthy: ${early.join(", ")}`);
  return took;
}

async function namesOf(world: World, wanted: readonly Charted[]): Promise<string[]> {
  const present = await Promise.all(wanted.map(({ name }) => new Application(world.staging, name).exists()));
  return wanted.filter((_, index) => present[index]).map(({ name }) => name);
}

/** With an empty folder instead of each chart every wave is created, each after the previous one is healthy. */
export async function wavesFollowEachOther(world: World): Promise<number> {
  const { repository, staging: cluster } = world;
  const startedAt = performance.now();
  repository.write(
    "played/kustomization.yaml",
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [played.yaml]\n",
  );
  repository.write("played/played.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: played }\n");
  for (const { name, foreign } of platformOf(world)) {
    const file = `gitops/platform/base/${name}.yaml`;
    if (foreign) repository.write(file, playing(repository.read(file), repository.origin));
  }
  for (const platform of ["oke", "aks", "gke"]) {
    const file = `gitops/platform/${platform}/kustomization.yaml`;
    repository.write(file, repository.read(file).replace(/^patches:[\s\S]*/m, ""));
  }
  const revision = repository.commit("Play the charts");
  const parent = new Application(cluster, "platform-in-cluster");
  await parent.terminate();
  await parent.synced(revision);
  const made = await created(world);
  const ordered = made.toSorted((left, right) => left.at.localeCompare(right.at) || left.wave - right.wave);
  const late = ordered.findIndex(({ wave }, index) => wave < (ordered[index - 1]?.wave ?? 0));
  if (late > 0) throw new Error(`${ordered[late]?.name} came after a later wave`);
  if (made.length < 15) throw new Error(`Only ${made.length} Applications of the platform were made`);
  return performance.now() - startedAt;
}

/** The Application with its chart replaced by the folder `played`, under another name; otherwise unchanged. */
const playing = (text: string, origin: string): string => {
  const source = `{ repoURL: "file://${origin}", targetRevision: main, path: played, kustomize: { namePrefix: "%-" } }`;
  const name = /^ {2}name: (.+)$/m.exec(text)?.[1] ?? "played";
  return `${text.slice(0, text.indexOf("  source:"))}  source: ${source.replace("%", name)}\n`;
};

async function created(world: World): Promise<{ name: string; wave: number; at: string }[]> {
  return Promise.all(
    platformOf(world).map(async ({ name, wave }) => {
      const at = await world.staging.field("argocd", `application/${name}`, "{.metadata.creationTimestamp}");
      if (at === "") throw new Error(`${name} was not made`);
      return { name, wave, at };
    }),
  );
}
