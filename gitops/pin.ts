/**
 * `bun gitops/pin.ts <environment> <name>=<sha256:…> …`: writes the digests of a build into an environment's release file. The release
 * workflow does so for staging only; other environments are promoted to.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { readEnvironment } from "./environment.ts";
import { differences, formatRelease, GitopsError, parseRelease, releasePath } from "./release.ts";

/**
 * Lines that say what changed.
 * @throws GitopsError if an image of the release got no digest, or a digest belongs to no image.
 */
export function pin(root: string, environment: string, digests: ReadonlyMap<string, string>): string[] {
  const { stage } = readEnvironment(root, environment);
  if (stage !== "staging") throw new GitopsError(`Builds go to staging only; ${environment} is ${stage}.`);
  const file = releasePath(root, environment);
  const where = relative(root, file);
  const before = parseRelease(readFileSync(file, "utf8"), where);
  const names = before.map(({ name }) => name);
  const missing = names.filter((name) => !digests.has(name));
  const unknown = [...digests.keys()].filter((name) => !names.includes(name));
  // A release is complete or nothing: a part would combine services that were not tested together.
  if (missing.length > 0) throw new GitopsError(`No digest for ${missing.join(", ")}.`);
  if (unknown.length > 0) throw new GitopsError(`${where} knows no ${unknown.join(", ")}.`);
  const after = before.map((image) => ({ ...image, digest: digests.get(image.name) ?? image.digest }));
  const text = formatRelease(after);
  parseRelease(text, where);
  writeFileSync(file, text);
  return differences(before, after);
}

/** `name=sha256:…` words as a map. @throws GitopsError for any other word. */
export function readDigests(words: readonly string[]): Map<string, string> {
  return new Map(
    words.map((word) => {
      const [name, digest, ...surplus] = word.split("=");
      if (!name || !digest || surplus.length > 0) throw new GitopsError(`Not <name>=<sha256:…>: ${word}`);
      return [name, digest];
    }),
  );
}

if (import.meta.main) {
  try {
    const [environment, ...words] = process.argv.slice(2);
    if (!environment || words.length === 0) {
      throw new GitopsError("Usage: bun gitops/pin.ts <environment> <name>=<sha256:…> …");
    }
    const lines = pin(resolve(process.env.GITOPS_ROOT ?? `${import.meta.dir}/..`), environment, readDigests(words));
    process.stdout.write(lines.length > 0 ? `${lines.join("\n")}\n` : "Nothing changed.\n");
  } catch (error) {
    if (!(error instanceof GitopsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
