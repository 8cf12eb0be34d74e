import { Application } from "./applications.ts";
import { failedRenders, graceSeconds, repoServerMetrics } from "./argocd.ts";
import type { Cluster } from "./cluster.ts";
import { type Lab, waitFor } from "./lab.ts";
import type { Repository } from "./repository.ts";

export type World = {
  lab: Lab;
  repository: Repository;
  /** Runs Argo CD and oke-staging. */
  staging: Cluster;
  /** Runs oke-prod. */
  production: Cluster;
};

const applying = 120_000;
const expectEqual = (what: string, found: unknown, expected: unknown): void => {
  if (found !== expected) throw new Error(`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
};
const imageOf = (cluster: Cluster, service: string): Promise<string> =>
  cluster.field("carillon", `deployment/${service}`, "{.spec.template.spec.containers[?(@.name=='app')].image}");
const services = ["api", "audit", "notification", "ops", "realtime", "recurring", "web"];
/** A fake digest, the same for the same letter. */
const digestOf = (letter: string): string => `sha256:${letter.repeat(64)}`;

/** Runs one of the repository's commands on the lab's copy of it. */
async function command({ lab, repository }: World, words: readonly string[]): Promise<string> {
  return lab.must([process.execPath, ...words], { env: { GITOPS_ROOT: repository.work } });
}

async function pinStaging(world: World, letter: string): Promise<string> {
  const words = services.map((service) => `carillon/${service}=${digestOf(letter)}`);
  await command(world, ["gitops/pin.ts", "oke-staging", ...words]);
  return world.repository.commit(`Release ${letter} to oke-staging`);
}

export const staging = ({ staging: cluster }: World): Application => new Application(cluster, "carillon-oke-staging");
export const production = ({ staging: cluster }: World): Application => new Application(cluster, "carillon-oke-prod");

/** Milliseconds until a commit that pins other images is deployed. */
export async function pinIsSynced(world: World, letter: string): Promise<number> {
  const startedAt = performance.now();
  const revision = await pinStaging(world, letter);
  await staging(world).synced(revision);
  const took = performance.now() - startedAt;
  for (const service of services) {
    const image = await imageOf(world.staging, service);
    if (!image.endsWith(`@${digestOf(letter)}`)) throw new Error(`${service} runs ${image}`);
  }
  return took;
}

export async function manualChangeIsHealed(world: World): Promise<number> {
  const before = await imageOf(world.staging, "web");
  await world.staging.must(["-n", "carillon", "set", "image", "deployment/web", "app=example.invalid/other:1"]);
  return waitFor(
    "the image to be what Git says",
    applying,
    async () => (await imageOf(world.staging, "web")) === before,
  );
}

export async function deletedObjectComesBack(world: World): Promise<number> {
  await world.staging.must(["-n", "carillon", "delete", "service/web"]);
  return waitFor("the Service to be there again", applying, async () => {
    return (await world.staging.field("carillon", "service/web", "{.metadata.name}")) === "web";
  });
}

export async function removedObjectIsPruned(world: World): Promise<number> {
  const { repository, staging: cluster } = world;
  const kustomization = "gitops/envs/oke-staging/kustomization.yaml";
  const probe = "gitops/envs/oke-staging/probe.yaml";
  repository.write(probe, "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: probe }\n");
  repository.write(kustomization, repository.read(kustomization).replace("resources: [", "resources: [probe.yaml, "));
  await staging(world).synced(repository.commit("Add an object"));
  expectEqual("the object", await cluster.field("carillon", "configmap/probe", "{.metadata.name}"), "probe");
  const startedAt = performance.now();
  await staging(world).synced(repository.revert());
  expectEqual("the object", await cluster.field("carillon", "configmap/probe", "{.metadata.name}"), "");
  return performance.now() - startedAt;
}

/** A commit that does not render: visible immediately in the metric, after the grace period in the Application, and never deployed. */
export async function brokenCommitChangesNothing(world: World): Promise<number> {
  const { lab, repository, staging: cluster } = world;
  const kustomization = "gitops/envs/oke-staging/kustomization.yaml";
  const before = { image: await imageOf(cluster, "api"), renders: failedRenders(await repoServerMetrics(lab)) };
  repository.write(
    kustomization,
    repository.read(kustomization).replace("resources: [", "resources: [no-such-file.yaml, "),
  );
  const startedAt = performance.now();
  repository.commit("Break the render");
  await waitFor("a failed render in the repo server's metrics", applying, async () => {
    return failedRenders(await repoServerMetrics(lab)) > before.renders;
  });
  const seenMs = performance.now() - startedAt;
  const { sync } = await staging(world).status();
  const during = `${sync?.status}, ${await staging(world).condition("ComparisonError")}`;
  expectEqual("what Argo CD says while the metric already tells", during, "Synced, null");
  await waitFor("a ComparisonError that names the file", applying, async () => {
    return (await staging(world).condition("ComparisonError"))?.includes("no-such-file.yaml") ?? false;
  });
  const shownMs = performance.now() - startedAt;
  expectEqual("what runs", await imageOf(cluster, "api"), before.image);
  process.stdout.write(
    `      metric after ${(seenMs / 1_000).toFixed(1)} s, condition after ${(shownMs / 1_000).toFixed(1)} s (grace ${graceSeconds} s)\n`,
  );
  const revertedAt = performance.now();
  await staging(world).synced(repository.revert());
  return performance.now() - revertedAt;
}

/** Promotes `oke-staging`'s release to production, and rolls it back by `git revert`. */
export async function promotionGoesThereAndBack(world: World): Promise<number> {
  const { repository, production: cluster } = world;
  const before = await imageOf(cluster, "api");
  const startedAt = performance.now();
  await command(world, ["gitops/promote.ts", "oke-staging", "oke-prod", "--commit"]);
  const promoted = repository.push();
  await outOfSync(world, promoted);
  expectEqual("production before the command", await imageOf(cluster, "api"), before);
  await production(world).sync(promoted);
  await production(world).synced(promoted);
  expectEqual("production after it", await imageOf(cluster, "api"), await imageOf(world.staging, "api"));
  const reverted = repository.revert();
  await outOfSync(world, reverted);
  await production(world).sync(reverted);
  await production(world).synced(reverted);
  expectEqual("production after the revert", await imageOf(cluster, "api"), before);
  return performance.now() - startedAt;
}

function outOfSync(world: World, revision: string): Promise<number> {
  return waitFor(`production to show ${revision.slice(0, 8)} as out of sync`, applying, async () => {
    const { sync } = await production(world).status();
    return sync?.status === "OutOfSync" && sync.revision === revision;
  });
}
