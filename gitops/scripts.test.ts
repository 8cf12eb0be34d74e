import { afterAll, beforeEach, expect, test } from "bun:test";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { releasePath } from "./release.ts";

/** The workflows' scripts, run as in a workflow: on a clone, with a remote, and a fake kubectl. */
const source = resolve(import.meta.dir, "..");
const home = mkdtempSync(join(tmpdir(), "carillon-scripts-"));
const services = ["api", "audit", "notification", "ops", "realtime", "recurring", "web"];
let work = "";
let origin = "";
let count = 0;

type Ran = { code: number; out: string; err: string };

function run(
  words: readonly string[],
  options: { input?: string; env?: Record<string, string>; cwd?: string } = {},
): Ran {
  const { stdout, stderr, exitCode } = Bun.spawnSync([...words], {
    cwd: options.cwd ?? work,
    env: {
      ...process.env,
      PATH: `${dirname(process.execPath)}:${join(work, "../bin")}:${process.env.PATH}`,
      ...options.env,
    },
    stdin: new TextEncoder().encode(options.input ?? ""),
  });
  return { code: exitCode, out: stdout.toString().trim(), err: stderr.toString().trim() };
}
const git = (...words: string[]): string => run(["git", ...words]).out;
const script = (
  name: string,
  words: readonly string[],
  options: { input?: string; env?: Record<string, string> } = {},
): Ran => run([`.github/scripts/${name}.sh`, ...words], options);
const digests = (letter: string): string =>
  services.map((name) => `carillon/${name}=sha256:${letter.repeat(64)}`).join("\n");
const pinned = (environment: string): string =>
  /sha256:(.)/.exec(
    run(["git", "show", `main:gitops/envs/${environment}/release/kustomization.yaml`], { cwd: origin }).out,
  )?.[1] ?? "";
const commitTo = (file: string, message: string): string => {
  writeFileSync(join(work, file), message);
  git("add", file);
  git("commit", "--quiet", "-m", message);
  git("push", "--quiet", "origin", "HEAD:main");
  return git("rev-parse", "HEAD");
};

beforeEach(() => {
  count += 1;
  work = join(home, String(count), "work");
  origin = join(home, String(count), "origin.git");
  for (const path of [".github/scripts", "gitops", "services/dev/bootstrap.mjs"]) {
    cpSync(join(source, path), join(work, path), { recursive: true });
  }
  mkdirSync(join(work, "../bin"), { recursive: true });
  run(["git", "init", "--quiet", "--bare", "--initial-branch=main", origin], { cwd: home });
  git("init", "--quiet", "--initial-branch=main");
  git("remote", "add", "origin", origin);
  script("git-identity", []);
  git("add", "--all");
  git("commit", "--quiet", "-m", "Start");
  git("push", "--quiet", "origin", "main");
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** A kubectl that prints the next line on each call, and repeats the last. */
function kubectlSays(...lines: string[]): void {
  const folder = join(work, "../bin");
  writeFileSync(join(folder, "answers"), `${lines.join("\n")}\n`);
  const body = `#!/bin/sh\nf=${folder}/answers\nhead -n 1 "$f"\n[ "$(wc -l <"$f")" -gt 1 ] && sed -i 1d "$f"\nexit 0\n`;
  writeFileSync(join(folder, "kubectl"), body);
  chmodSync(join(folder, "kubectl"), 0o755);
}
const wait = (commit: string): Ran =>
  script("wait-for-application", ["oke-staging", commit], { env: { WAIT_SECONDS: "3", POLL_SECONDS: "0.1" } });

test("a build's digests are committed to staging with the commit they were built from, and pushed", () => {
  const built = git("rev-parse", "HEAD");
  const { code, out } = script("commit-release", ["oke-staging", built], { input: digests("a") });
  expect(code).toBe(0);
  expect(pinned("oke-staging")).toBe("a");
  expect(git("log", "-1", "--format=%B", out)).toContain(`Built-from: ${built}`);
});

test("a push that came too late is made again on what is there now", () => {
  const built = git("rev-parse", "HEAD");
  // A concurrent push while the release is being made, by a hook of the remote, once.
  const hook = join(origin, "hooks/pre-receive");
  writeFileSync(hook, `#!/bin/sh\n[ -e ${home}/late-${count} ] && exit 0\ntouch ${home}/late-${count}\nexit 1\n`);
  chmodSync(hook, 0o755);
  expect(script("commit-release", ["oke-staging", built], { input: digests("a") }).code).toBe(0);
  expect(pinned("oke-staging")).toBe("a");
});

test("an older build that ends late does not replace a newer one", () => {
  const older = git("rev-parse", "HEAD");
  const newer = commitTo("more", "more");
  script("commit-release", ["oke-staging", newer], { input: digests("b") });
  const late = script("commit-release", ["oke-staging", older], { input: digests("a") });
  expect(late.code).toBe(0);
  expect(pinned("oke-staging")).toBe("b");
});

test("a tag promotes what staging runs, and only that", () => {
  const built = git("rev-parse", "HEAD");
  script("commit-release", ["oke-staging", built], { input: digests("a") });
  const later = commitTo("more", "more");
  const wrong = script("promote-tag", ["oke-staging", "oke-prod", later]);
  expect({ code: wrong.code, pinned: pinned("oke-prod") }).toEqual({ code: 1, pinned: "0" });
  expect(wrong.err).toContain(`the tag names ${later}`);
  expect(script("promote-tag", ["oke-staging", "oke-prod", built]).code).toBe(0);
  expect(pinned("oke-prod")).toBe("a");
});

test("a release is taken back by reverting its commit, whatever came after it", () => {
  const built = git("rev-parse", "HEAD");
  script("commit-release", ["oke-staging", built], { input: digests("a") });
  const next = commitTo("next", "next");
  const { out: released } = script("commit-release", ["oke-staging", next], { input: digests("b") });
  commitTo("more", "more");
  expect(script("revert-pin", [released]).code).toBe(0);
  expect(pinned("oke-staging")).toBe("a");
  expect(readFileSync(join(work, "more"), "utf8")).toBe("more");
});

test("the first release of an environment stays: there is nothing to go back to", () => {
  const built = git("rev-parse", "HEAD");
  const { out: released } = script("commit-release", ["oke-staging", built], { input: digests("a") });
  const { code, err } = script("revert-pin", [released]);
  expect({ code, pinned: pinned("oke-staging") }).toEqual({ code: 1, pinned: "a" });
  expect(err).toContain("is the first release");
});

test("a commit that changed more than pins is not reverted", () => {
  const release = releasePath(work, "oke-staging");
  writeFileSync(release, readFileSync(release, "utf8").replaceAll("0".repeat(64), "a".repeat(64)));
  git("add", release);
  const commit = commitTo("more", "more");
  const { code, err } = script("revert-pin", [commit]);
  expect(code).toBe(1);
  expect(err).toContain("is not a release");
});

test("an environment that is synced and healthy at the commit is well", () => {
  const commit = git("rev-parse", "HEAD");
  kubectlSays("|||", `${commit}|Running|OutOfSync|Progressing`, `${commit}|Succeeded|Synced|Healthy`);
  expect(wait(commit).code).toBe(0);
});

test("a later commit that has it in it is as good", () => {
  const commit = git("rev-parse", "HEAD");
  const later = commitTo("more", "more");
  kubectlSays(`${later}|Succeeded|Synced|Healthy`);
  expect(wait(commit).code).toBe(0);
});

test("an earlier commit's health says nothing about this one", () => {
  const earlier = git("rev-parse", "HEAD");
  const commit = commitTo("more", "more");
  kubectlSays(`${earlier}|Succeeded|Synced|Healthy`);
  const { code, err } = wait(commit);
  expect(code).toBe(1);
  expect(err).toContain("did not become well in time");
});

test("a sync that failed fails at once, with its message", () => {
  const commit = git("rev-parse", "HEAD");
  kubectlSays(`${commit}|Failed|OutOfSync|Degraded`, "the smoke test failed");
  const { code, err } = wait(commit);
  expect(code).toBe(1);
  expect(err).toBe("the smoke test failed");
});

/** A kubectl with these secrets (name → data). What it applies is in `applied`. */
function kubectlHolds(secrets: Record<string, string>): string {
  const folder = join(work, "../bin");
  const cases = Object.entries(secrets).map(([name, data]) => `*"get secret ${name} "*) printf '%s' '${data}' ;;`);
  const body = `#!/bin/sh\ncase "$* " in\n${cases.join("\n")}\n*"create namespace"*) echo "kind: Namespace" ;;\n*apply*) cat >>${folder}/applied ;;\nesac\nexit 0\n`;
  writeFileSync(join(folder, "kubectl"), body);
  chmodSync(join(folder, "kubectl"), 0o755);
  return join(folder, "applied");
}

test("a secret of the platform that is empty is filled, and one that has something in it stays", () => {
  cpSync(join(source, "argocd"), join(work, "argocd"), { recursive: true });
  const applied = kubectlHolds({ "argocd-notifications-secret": "", "grafana-admin": '{"password":"eA=="}' });
  const { code, out } = run(["argocd/platform-secrets.sh"], { env: { SLACK_TOKEN: 'to"ken', EMAIL_HOST: "smtp" } });
  expect(code).toBe(0);
  const text = readFileSync(applied, "utf8");
  expect(text).toContain("name: argocd-notifications-secret");
  expect(text).toContain('slack-token: "to\\"ken"');
  expect(text).not.toContain("name: grafana-admin");
  expect(out).toContain("secret/grafana-admin is there already");
});

test("after make-it-yours no made-up name is left where a cluster reads", () => {
  const folders = ["argocd", "gitops", "observability/alertmanager", "observability/alerts", ".github"];
  for (const folder of folders) cpSync(join(source, folder), join(work, folder), { recursive: true });
  const env = {
    REPOSITORY: "ada/bells",
    DOMAIN: "bells.test",
    MAIL_HOST: "smtp.bells.test",
    MAIL_ADDRESS: "ops@bells.test",
  };
  expect(run(["gitops/make-it-yours.sh"], { env }).code).toBe(0);
  const searched = [
    "argocd",
    "gitops/platform",
    "gitops/envs",
    "gitops/clusters",
    "observability/alertmanager",
    ".github",
  ];
  const left = run(["grep", "-rnE", "carillon-app/|carillon\\.example|@example|example\\.com", ...searched]).out;
  expect(left).toBe("");
  expect(readFileSync(join(work, "observability/alertmanager/alertmanager.yaml"), "utf8")).toContain(
    "smtp_smarthost: smtp.bells.test:587",
  );
  expect(readFileSync(join(work, "gitops/envs/oke-prod/env.yaml"), "utf8")).toContain("https://bells.test");
});

test("a sync names no revision, source or manifest: a release may not", () => {
  const folder = join(work, "../bin");
  writeFileSync(
    join(folder, "kubectl"),
    `#!/bin/sh\ncase "$*" in *get*) echo '["PruneLast=true"]' ;; *) echo "$*" ;; esac\n`,
  );
  chmodSync(join(folder, "kubectl"), 0o755);
  const { code, out } = script("sync-application", ["oke-prod"]);
  expect(code).toBe(0);
  const operation: unknown = JSON.parse(out.slice(out.indexOf("{")));
  expect(operation).toEqual({
    operation: {
      initiatedBy: { username: "release" },
      sync: { prune: true, syncOptions: ["PruneLast=true"], syncStrategy: { hook: {} } },
    },
  });
});
