/**
 * `npm run promote -- <from> <to> [--commit] [--dry-run]`: promotes one environment's release to another. Copies one file, the release,
 * and shows which digests change. A rollback is `git revert` of the commit it makes.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { type Environment, readEnvironment } from "./environment.ts";
import {
  differences,
  formatRelease,
  GitopsError,
  type PinnedImage,
  parseRelease,
  releasePath,
  unreleased,
} from "./release.ts";

export type Promotion = { from: string; to: string; commit: boolean; dryRun: boolean };

/**
 * Lines that describe the promotion.
 * @throws GitopsError if it is not allowed: unknown environment, images without digest, files with uncommitted changes.
 */
export function promote(root: string, { from, to, commit, dryRun }: Promotion): string[] {
  if (from === to) throw new GitopsError("An environment is not promoted to itself.");
  const [source, target] = [readEnvironment(root, from), readEnvironment(root, to)];
  refuseLocal(source);
  refuseLocal(target);
  const [sourceFile, targetFile] = [releasePath(root, from), releasePath(root, to)];
  const released = parseRelease(readFileSync(sourceFile, "utf8"), relative(root, sourceFile));
  refuseUnreleased(released, from);
  const before = parseRelease(readFileSync(targetFile, "utf8"), relative(root, targetFile));
  const changes = differences(before, released);
  if (changes.length === 0) return [`${to} already runs what ${from} runs.`];
  // The promoted file must be what Argo CD sees, without parts of another change.
  refuseDirty(root, [sourceFile, targetFile], commit);
  if (!dryRun) writeFileSync(targetFile, formatRelease(released));
  const said = [`${from} → ${to}`, ...changes.map((line) => `  ${line}`)];
  if (dryRun) return [...said, "Nothing was written."];
  if (!commit)
    return [...said, `Written to ${relative(root, targetFile)}; commit it, and Argo CD shows ${to} as out of sync.`];
  git(root, [
    "commit",
    "--quiet",
    "-m",
    `Promote ${from} to ${to}`,
    "-m",
    changes.join("\n"),
    "--",
    relative(root, targetFile),
  ]);
  return [...said, `Committed ${git(root, ["rev-parse", "--short", "HEAD"]).trim()}.`];
}

function refuseLocal({ environment, stage }: Environment): void {
  if (stage === "local") {
    throw new GitopsError(`${environment} runs images built on the spot, which have no digest: nothing to promote.`);
  }
}

function refuseUnreleased(images: readonly PinnedImage[], environment: string): void {
  const missing = images.filter(({ digest }) => digest === unreleased).map(({ name }) => name);
  if (missing.length > 0) throw new GitopsError(`${environment} has no release yet of ${missing.join(", ")}.`);
}

function refuseDirty(root: string, files: readonly string[], commit: boolean): void {
  const dirty = git(root, ["status", "--porcelain", "--", ...files.map((file) => relative(root, file))]).trim();
  if (dirty !== "") throw new GitopsError(`There are uncommitted changes:\n${dirty}`);
  const staged = commit ? git(root, ["diff", "--cached", "--name-only"]).trim() : "";
  if (staged !== "") throw new GitopsError(`There are staged changes:\n${staged}`);
}

function git(root: string, given: readonly string[]): string {
  const { stdout, stderr, exitCode } = Bun.spawnSync(["git", ...given], { cwd: root });
  if (exitCode !== 0) throw new GitopsError(`git ${given[0]}: ${stderr.toString().trim()}`);
  return stdout.toString();
}

/** The parsed command line. @throws GitopsError with the usage. */
export function readPromotion(given: readonly string[]): Promotion {
  const flags = given.filter((word) => word.startsWith("-"));
  const [from, to, ...surplus] = given.filter((word) => !word.startsWith("-"));
  const unknown = flags.filter((flag) => flag !== "--commit" && flag !== "--dry-run");
  if (!from || !to || surplus.length > 0 || unknown.length > 0) {
    throw new GitopsError("Usage: npm run promote -- <from> <to> [--commit] [--dry-run]");
  }
  return { from, to, commit: flags.includes("--commit"), dryRun: flags.includes("--dry-run") };
}

if (import.meta.main) {
  try {
    const lines = promote(
      resolve(process.env.GITOPS_ROOT ?? `${import.meta.dir}/..`),
      readPromotion(process.argv.slice(2)),
    );
    process.stdout.write(`${lines.join("\n")}\n`);
  } catch (error) {
    if (!(error instanceof GitopsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
