import { expect, test } from "bun:test";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { alwaysFree, platformAsks, productAsks, sum } from "./budget.ts";
import { environmentNames, parseEnvironment, readEnvironment } from "./environment.ts";
import { parseRelease, releasePath } from "./release.ts";
import { documentsOf, field, type Mapping, mapping, mappings, render, renderer } from "./render.ts";

const root = resolve(import.meta.dir, "..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const ours = /repoURL: (\S+),/.exec(read("argocd/root.yaml"))?.[1];
const listed = (pattern: string): string[] => [...new Bun.Glob(pattern).scanSync({ cwd: root, dot: true })].toSorted();
const environments = environmentNames(root).map((name) => readEnvironment(root, name));
const rendering = renderer() !== null;
const nameOf = (object: Mapping): string => `${object.kind}/${field(object, "metadata.name")}`;

/** Fails rather than skips: without a renderer the test proves nothing. */
if (!rendering) process.stderr.write("*** Nothing was rendered: neither kustomize nor kubectl is on PATH. ***\n");
const withRenderer = test.if(rendering);

test("there are five environments, each says what Argo CD needs, and production waits for a person", () => {
  expect(environments.map(({ environment }) => environment)).toEqual([
    "aks-prod",
    "gke-prod",
    "minikube",
    "oke-prod",
    "oke-staging",
  ]);
  expect(environments.filter(({ stage }) => stage === "production").map(({ sync }) => sync)).toEqual([
    "manual",
    "manual",
    "manual",
  ]);
  expect(new Set(environments.map(({ cluster }) => cluster)).size).toBe(5);
});

test("an unknown key, a meaningless value, or production that syncs itself is rejected", () => {
  const text = read("gitops/envs/oke-prod/env.yaml");
  expect(() => parseEnvironment(`${text}replicas: 3\n`, "oke-prod")).toThrow("replicas, which are not read");
  expect(() => parseEnvironment(text.replace("sync: manual", "sync: sometimes"), "oke-prod")).toThrow("sync is one of");
  expect(() => parseEnvironment(text.replace("sync: manual", "sync: automatic"), "oke-prod")).toThrow(
    "waits for a person",
  );
  expect(() => parseEnvironment(text, "aks-prod")).toThrow("says oke-prod");
});

test("every environment but a laptop's pins every image by digest, and says nothing else there", () => {
  for (const { environment, stage } of environments) {
    if (stage === "local") continue;
    const pinned = parseRelease(readFileSync(releasePath(root, environment), "utf8"), environment);
    expect(pinned.map(({ name }) => name)).toEqual(
      ["api", "audit", "notification", "ops", "realtime", "recurring", "web"].map((name) => `carillon/${name}`),
    );
  }
});

withRenderer("every environment renders, with our images pinned and no address left over", () => {
  for (const { environment, stage } of environments) {
    const text = render(join(root, "gitops/envs", environment));
    expect(documentsOf(text).length).toBeGreaterThan(40);
    const images = [...text.matchAll(/image: (\S*carillon\S*)/g)].flatMap(([, image]) => image ?? []);
    const form = stage === "local" ? /^carillon\/[a-z]+:local$/ : /^ghcr\.io\/[\w./-]+@sha256:[0-9a-f]{64}$/;
    expect(images.length).toBeGreaterThan(6);
    expect(images.filter((image) => !form.test(image))).toEqual([]);
    expect(text).not.toContain("replaced-by-the-environment");
    expect(text).not.toContain("carillon.invalid");
  }
});

withRenderer(
  "the product's project admits every kind that an environment renders, and nothing that is the cluster's",
  () => {
    const project = documentsOf(read("argocd/projects/product.yaml"))[0] ?? {};
    const admitted = new Set(
      mappings(field(project, "spec.namespaceResourceWhitelist")).map(({ group, kind }) => `${group}/${kind}`),
    );
    for (const { environment } of environments) {
      const kinds = documentsOf(render(join(root, "gitops/envs", environment))).map(({ apiVersion, kind }) => {
        const version = String(apiVersion);
        return `${version.includes("/") ? version.split("/")[0] : ""}/${kind}`;
      });
      expect([...new Set(kinds)].filter((kind) => !admitted.has(kind))).toEqual([]);
    }
  },
);

withRenderer(
  "the platform's project admits every source and namespace of the platform, and no other source is listed",
  () => {
    const project = documentsOf(read("argocd/projects/platform.yaml"))[0] ?? {};
    const sources = field(project, "spec.sourceRepos");
    const namespaces = mappings(field(project, "spec.destinations")).map(({ namespace }) => namespace);
    const used = new Set<unknown>();
    for (const platform of ["oke", "aks", "gke", "minikube"]) {
      for (const application of documentsOf(render(join(root, "gitops/platform", platform)))) {
        used.add(field(application, "spec.source.repoURL"));
        expect({ name: nameOf(application), in: namespaces }).toMatchObject({
          in: expect.arrayContaining([field(application, "spec.destination.namespace")]),
        });
        expect(field(application, "spec.project")).toBe("platform");
      }
    }
    expect([...used].toSorted()).toEqual(Array.isArray(sources) ? sources.toSorted() : []);
  },
);

withRenderer("every chart is pinned to one version, and every path of ours exists", () => {
  for (const application of documentsOf(render(join(root, "gitops/platform/oke")))) {
    const source = mapping(field(application, "spec.source")) ?? {};
    if (source.repoURL === ours) {
      expect(existsSync(join(root, String(source.path), "kustomization.yaml"))).toBe(true);
    } else {
      expect(`${nameOf(application)} ${source.targetRevision}`).toMatch(/ v?\d+\.\d+\.\d+$/);
    }
  }
});

test("Argo CD's root, sets and installation name paths that exist and one version", () => {
  const paths = [...read("argocd/root.yaml").matchAll(/path: ([\w/.-]+)/g)].map(([, path]) => String(path));
  expect(paths).toEqual(["argocd/apps"]);
  for (const path of paths) expect(existsSync(join(root, path, "kustomization.yaml"))).toBe(true);
  expect(read("argocd/install/kustomization.yaml")).toMatch(/argo-cd\/v\d+\.\d+\.\d+\/manifests\/install\.yaml/);
  for (const { environment, platform } of environments) {
    expect(existsSync(join(root, "gitops/envs", environment, "kustomization.yaml"))).toBe(true);
    if (platform !== "minikube")
      expect(existsSync(join(root, "gitops/platform", platform, "kustomization.yaml"))).toBe(true);
  }
});

withRenderer("Oracle's always-free machines hold production and its platform, everything counted", () => {
  for (const environment of ["oke-prod", "oke-staging"]) {
    const all = sum([...productAsks(root, environment), ...platformAsks(root, "oke", alwaysFree.machines)]);
    // A rollout briefly runs one more of each pod: two must fit at once, or it becomes slow.
    expect(all.cpuMillis).toBeLessThanOrEqual(alwaysFree.cpuMillis - 300);
    expect(all.memoryMib).toBeLessThanOrEqual(alwaysFree.memoryMib);
    // Guards against a sum that misses most requests.
    expect(all.cpuMillis).toBeGreaterThan(3_000);
  }
});

withRenderer("a platform whose broker asked for more would not fit", () => {
  const asked = [...productAsks(root, "oke-prod"), ...platformAsks(root, "oke", alwaysFree.machines)];
  const more = [...asked, { what: "a second and third broker", cpuMillis: 1_000, memoryMib: 5_120 }];
  expect(sum(more).cpuMillis).toBeGreaterThan(alwaysFree.cpuMillis);
});

test("workflows use actions by commit, start with no rights, and run scripts that exist", () => {
  const workflows = listed(".github/workflows/*.yaml");
  expect(workflows).toEqual(
    ["check", "release-production", "release-staging"].map((name) => `.github/workflows/${name}.yaml`),
  );
  for (const file of workflows) {
    const text = read(file);
    const uses = [...text.matchAll(/uses: (\S+)(.*)/g)].map(([, action, comment]) => `${action}${comment}`);
    expect(uses.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d/.test(action))).toEqual([]);
    expect(text).toMatch(/^permissions: (\{\}|\{ contents: read \})$/m);
    const scripts = [...text.matchAll(/\.github\/scripts\/[\w-]+\.sh/g)].map(([script]) => script);
    expect(scripts.filter((script) => !existsSync(join(root, script)))).toEqual([]);
  }
});

test("only the workflow that has approval holds rights to write and to sign in at once", () => {
  const both = listed(".github/workflows/*.yaml").filter((file) => /contents: write, id-token: write/.test(read(file)));
  expect(both).toEqual([".github/workflows/release-production.yaml"]);
  expect(read(both[0] ?? "")).toMatch(/^ {4}environment: \$\{\{ matrix\.environment \}\}$/m);
});

const scripts = [...listed(".github/scripts/*.sh"), ...listed("argocd/*.sh"), ...listed("gitops/**/*.sh")];

test("every script may be run and stops at the first failure", () => {
  expect(scripts.length).toBeGreaterThan(10);
  expect(scripts.filter((file) => (statSync(join(root, file)).mode & 0o111) === 0)).toEqual([]);
  expect(scripts.filter((file) => !read(file).includes("set -euo pipefail"))).toEqual([]);
});

test.if(Bun.which("shellcheck") !== null)("shellcheck has nothing to say", () => {
  const { stdout, exitCode } = Bun.spawnSync(["shellcheck", ...scripts], { cwd: root });
  expect(stdout.toString()).toBe("");
  expect(exitCode).toBe(0);
});

test.if(Bun.which("actionlint") !== null)("actionlint has nothing to say", () => {
  const { stdout, exitCode } = Bun.spawnSync(["actionlint", ...listed(".github/workflows/*.yaml")], { cwd: root });
  expect(stdout.toString()).toBe("");
  expect(exitCode).toBe(0);
});
