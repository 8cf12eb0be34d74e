import { afterAll, beforeEach, expect, test } from "bun:test";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pin, readDigests } from "./pin.ts";
import { promote, readPromotion } from "./promote.ts";
import { parseRelease, releasePath } from "./release.ts";

const source = resolve(import.meta.dir, "..");
const home = mkdtempSync(join(tmpdir(), "carillon-promote-"));
const services = ["api", "audit", "notification", "ops", "realtime", "recurring", "web"];
let root = "";
let count = 0;

const git = (...words: string[]): string => {
  const { stdout, stderr, exitCode } = Bun.spawnSync(["git", ...words], { cwd: root });
  if (exitCode !== 0) throw new Error(stderr.toString());
  return stdout.toString().trim();
};
const digests = (letter: string) => readDigests(services.map((name) => `carillon/${name}=sha256:${letter.repeat(64)}`));
const release = (environment: string): string => readFileSync(releasePath(root, environment), "utf8");
const go = (from: string, to: string, commit = false) => promote(root, { from, to, commit, dryRun: false });

beforeEach(() => {
  count += 1;
  root = join(home, String(count));
  cpSync(join(source, "gitops/envs"), join(root, "gitops/envs"), { recursive: true });
  Bun.spawnSync(["git", "init", "--quiet", root]);
  git("config", "user.name", "test");
  git("config", "user.email", "test@example.invalid");
  pin(root, "oke-staging", digests("a"));
  git("add", "--all");
  git("commit", "--quiet", "-m", "Start");
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

test("promoting copies one file, byte for byte, and shows seven digests", () => {
  const lines = go("oke-staging", "oke-prod");
  expect(release("oke-prod")).toBe(release("oke-staging"));
  expect(git("status", "--porcelain")).toBe("M gitops/envs/oke-prod/release/kustomization.yaml");
  expect(lines.filter((line) => line.includes("(unreleased) → aaaaaaaaaaaa"))).toHaveLength(7);
});

test("a committed promotion is taken back by git revert", () => {
  const before = release("oke-prod");
  go("oke-staging", "oke-prod", true);
  expect(git("log", "-1", "--format=%s")).toBe("Promote oke-staging to oke-prod");
  expect(git("status", "--porcelain")).toBe("");
  git("revert", "--no-edit", "HEAD");
  expect(release("oke-prod")).toBe(before);
});

test("what runs there already is not promoted again", () => {
  go("oke-staging", "oke-prod", true);
  expect(go("oke-staging", "oke-prod", true)).toEqual(["oke-prod already runs what oke-staging runs."]);
});

test("a dry run writes nothing", () => {
  promote(root, { from: "oke-staging", to: "oke-prod", commit: false, dryRun: true });
  expect(git("status", "--porcelain")).toBe("");
});

test("an unknown environment is refused, and the known ones are named", () => {
  expect(() => go("oke-staging", "oke-production")).toThrow(/no environment oke-production; there are .*oke-prod/);
});

test("an environment without a release has nothing to promote", () => {
  expect(() => go("aks-prod", "gke-prod")).toThrow("aks-prod has no release yet of carillon/api");
});

test("images of a laptop are promoted nowhere", () => {
  expect(() => go("minikube", "oke-prod")).toThrow("no digest");
  expect(() => go("oke-staging", "minikube")).toThrow("no digest");
});

test("an image without a digest is refused", () => {
  const file = releasePath(root, "oke-staging");
  writeFileSync(file, release("oke-staging").replace(/digest: sha256:a+/, "newTag: latest"));
  git("commit", "--quiet", "--all", "-m", "Pin by tag");
  expect(() => go("oke-staging", "oke-prod")).toThrow("without a digest");
});

test("uncommitted changes of either release stop the promotion", () => {
  pin(root, "oke-staging", digests("b"));
  expect(() => go("oke-staging", "oke-prod")).toThrow("uncommitted changes");
});

test("other staged changes do not slip into the commit", () => {
  writeFileSync(join(root, "gitops/other"), "");
  git("add", "gitops/other");
  expect(() => go("oke-staging", "oke-prod", true)).toThrow("staged changes");
});

test("a build is pinned whole or not at all", () => {
  const some = new Map([...digests("b")].slice(1));
  expect(() => pin(root, "oke-staging", some)).toThrow("No digest for carillon/api.");
  expect(() =>
    pin(root, "oke-staging", new Map([...digests("b"), ["carillon/other", `sha256:${"b".repeat(64)}`]])),
  ).toThrow("knows no carillon/other");
  expect(parseRelease(release("oke-staging"), "").map(({ digest }) => digest.slice(7, 8))).toEqual(
    services.map(() => "a"),
  );
});

test("a word that is no digest is not written", () => {
  const bad = new Map([...digests("b"), ["carillon/api", "latest"]]);
  expect(() => pin(root, "oke-staging", bad)).toThrow("without a digest");
  expect(git("status", "--porcelain")).toBe("");
});

test("a build goes to staging only", () => {
  expect(() => pin(root, "oke-prod", digests("b"))).toThrow("Builds go to staging only");
});

test("arguments that make no sense are answered with the usage", () => {
  expect(() => readPromotion(["oke-staging"])).toThrow("Usage");
  expect(() => readPromotion(["oke-staging", "oke-prod", "--force"])).toThrow("Usage");
  expect(readPromotion(["a", "b", "--commit"])).toEqual({ from: "a", to: "b", commit: true, dryRun: false });
});
