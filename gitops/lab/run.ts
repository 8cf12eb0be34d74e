/**
 * `npm run e2e:gitops`: this repository against a real API server and a real Argo CD; only machines, operators and third-party charts
 * are simulated. KUBERNETES_BIN names the folder with etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kubectl, kustomize, kwok and
 * argocd; KUBERNETES_CRDS (default `crds` beside it) the definitions of every kind, KWOK_STAGES (default `kwok-stages.yaml` beside it)
 * what KWOK does. Needs root (a network namespace), git, openssl and redis-server. Prints how long each step took; ends with
 * `N passed, N failed`. `--judge-only` stops after the API server's judgement of every folder, `--follow-only` leaves that out.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { clusterSecret, startArgoCd } from "./argocd.ts";
import { Cluster, startEtcd } from "./cluster.ts";
import { Lab } from "./lab.ts";
import { dryRun, renderedFolders } from "./manifests.ts";
import { foreignChartsAreReported, wavesFollowEachOther } from "./platform-steps.ts";
import { playOperators } from "./played-operators.ts";
import { Repository } from "./repository.ts";
import * as steps from "./steps.ts";

const root = resolve(import.meta.dir, "../..");
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const tally = { passed: 0, failed: 0 };

/** Runs one step and prints its duration. A failure is printed and counted; the next step still runs. */
async function step(name: string, body: () => Promise<unknown>): Promise<boolean> {
  const startedAt = performance.now();
  try {
    const own = await body();
    const ms = typeof own === "number" ? own : performance.now() - startedAt;
    say(`ok   ${name.padEnd(72)} ${(ms / 1_000).toFixed(1).padStart(6)} s`);
    tally.passed += 1;
    return true;
  } catch (error) {
    say(`FAIL ${name}\n     ${error instanceof Error ? error.message : String(error)}`);
    tally.failed += 1;
    return false;
  }
}

type Paths = { crds: string; stages: string };

function pathsOf(binaries: string): Paths {
  const crds = process.env.KUBERNETES_CRDS ?? join(dirname(binaries), "crds");
  const stages = process.env.KWOK_STAGES ?? join(dirname(binaries), "kwok-stages.yaml");
  for (const path of [crds, stages]) if (!existsSync(path)) throw new Error(`${path} is missing.`);
  return { crds, stages };
}

async function raise(lab: Lab, { crds, stages }: Paths): Promise<steps.World> {
  lab.open();
  const [staging, production] = [new Cluster(lab, "staging", 0), new Cluster(lab, "production", 1)];
  startEtcd(lab);
  await step("two control planes answer", () =>
    Promise.all([staging, production].map((cluster) => cluster.start(stages))),
  );
  await step("every kind's definition is taken", async () => {
    for (const cluster of [staging, production]) {
      await cluster.must(["apply", "--server-side", "-R", "-f", crds]);
      await cluster.must(["wait", "crd", "--all", "--for=condition=Established", "--timeout=90s"]);
      lab.start(`${cluster.name}-operators`, [process.execPath, import.meta.path, "--play-operators"], {
        PLAYED_SERVER: cluster.server,
        PLAYED_TOKEN: cluster.token,
      });
    }
  });
  return { lab, staging, production, repository: new Repository(root, lab.folder) };
}

/** Validates each folder with the API server, in a namespace as strict as the product's. */
async function judge({ lab, production, repository }: steps.World): Promise<void> {
  const restricted =
    "labels: { pod-security.kubernetes.io/enforce: restricted, pod-security.kubernetes.io/warn: restricted }";
  for (const [name, labels] of [
    ["carillon", restricted],
    ["argocd", ""],
    ["monitoring", restricted],
    ["envoy-gateway-system", ""],
  ]) {
    await production.apply(`apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  ${labels}\n`);
  }
  for (const { folder } of renderedFolders(repository.work)) {
    await step(`the API server takes ${folder}`, async () => {
      const count = await dryRun(lab, production, repository.work, folder);
      say(`     ${folder}: ${count} objects`);
    });
  }
}

async function bootstrap(world: steps.World): Promise<void> {
  const { lab, staging, production, repository } = world;
  await startArgoCd(lab, staging, repository.work);
  const own = { "carillon.dev/environment": "oke-staging", "carillon.dev/platform": "oke" };
  const other = { "carillon.dev/environment": "oke-prod" };
  const config = { bearerToken: production.token, tlsClientConfig: { caData: production.certificate } };
  await staging.apply(
    clusterSecret("in-cluster", "https://kubernetes.default.svc", own, { tlsClientConfig: { insecure: false } }),
  );
  await staging.apply(clusterSecret("production", production.server, other, config));
  await staging.apply(readFileSync(join(repository.work, "argocd/root.yaml"), "utf8"));
}

async function follow(world: steps.World): Promise<void> {
  const first = world.repository.push();
  await step("root.yaml brings staging up, synced", async () => {
    await bootstrap(world);
    await steps.staging(world).synced(first, 420_000);
  });
  await step("charts that cannot be had are reported, later waves wait", () => foreignChartsAreReported(world));
  await step("production waits for a person, then syncs", async () => {
    await steps.production(world).sync(first);
    await steps.production(world).synced(first, 420_000);
  });
  await step("a commit that changes the pins is what runs", () => steps.pinIsSynced(world, "a"));
  await step("a manual change is healed", () => steps.manualChangeIsHealed(world));
  await step("a deleted object comes back", () => steps.deletedObjectComesBack(world));
  await step("an object that Git no longer has is pruned", () => steps.removedObjectIsPruned(world));
  await step("a commit that does not render changes nothing and is shown; its revert", () =>
    steps.brokenCommitChangesNothing(world),
  );
  await step("promote goes to production, git revert comes back", () => steps.promotionGoesThereAndBack(world));
  await step("with the charts played, the waves follow each other", () => wavesFollowEachOther(world));
}

async function main(): Promise<number> {
  const binaries = process.env.KUBERNETES_BIN;
  if (!binaries) {
    say(
      "*** The GitOps suite did NOT run: KUBERNETES_BIN names no folder with kube-apiserver, argocd and the others. ***",
    );
    say("0 passed, 1 failed");
    return 1;
  }
  const folder = mkdtempSync(join(tmpdir(), "carillon-gitops-"));
  const lab = new Lab(folder, resolve(binaries), `carillon${process.pid}`);
  const startedAt = performance.now();
  const stop = async (): Promise<never> => {
    await lab.close();
    process.exit(1);
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  await step("the whole run", async () => {
    const world = await raise(lab, pathsOf(resolve(binaries)));
    if (tally.failed > 0) throw new Error("nothing to run on");
    if (!process.argv.includes("--follow-only")) await judge(world);
    if (!process.argv.includes("--judge-only")) await follow(world);
    const dead = lab.dead();
    if (dead.length > 0) throw new Error(`Ended by themselves: ${dead.join(", ")}`);
  });
  if (tally.failed > 0) say(`Logs are kept in ${lab.path("log")}`);
  await lab.close();
  if (tally.failed === 0) rmSync(folder, { recursive: true, force: true });
  say(`${((performance.now() - startedAt) / 1_000).toFixed(0)} s\n${tally.passed} passed, ${tally.failed} failed`);
  return tally.failed === 0 ? 0 : 1;
}

if (process.argv.includes("--play-operators")) {
  await playOperators(process.env.PLAYED_SERVER ?? "", process.env.PLAYED_TOKEN ?? "");
}
process.exit(await main());
