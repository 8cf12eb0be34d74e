import { join } from "node:path";

/** One image of a release: its name in the manifests, its registry name, and its digest. */
export type PinnedImage = { name: string; newName: string; digest: string };

const digestForm = /^sha256:[0-9a-f]{64}$/;
/** The digest of an environment without a release; renders, never runs. */
export const unreleased = `sha256:${"0".repeat(64)}`;
const header = `# What runs here. Written by the release workflow and by \`npm run promote\`; rolled back by \`git revert\`; never edited by hand.
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
`;

export class GitopsError extends Error {
  override name = "GitopsError";
}

/** The release file of an environment below `root`. */
export const releasePath = (root: string, environment: string): string =>
  join(root, "gitops/envs", environment, "release/kustomization.yaml");

/**
 * The images a release file pins.
 * @throws GitopsError if the file contains anything but images by digest.
 */
export function parseRelease(text: string, where: string): PinnedImage[] {
  const { images, ...rest } = asRecord(Bun.YAML.parse(text), where);
  const surplus = Object.keys(rest).filter((key) => key !== "apiVersion" && key !== "kind");
  if (surplus.length > 0) throw new GitopsError(`${where} may hold nothing but images, and has ${surplus.join(", ")}.`);
  if (!Array.isArray(images) || images.length === 0) throw new GitopsError(`${where} pins no image.`);
  const pinned = images.map((image) => readImage(asRecord(image, where), where));
  const names = new Set(pinned.map(({ name }) => name));
  if (names.size !== pinned.length) throw new GitopsError(`${where} pins an image twice.`);
  return pinned;
}

function readImage(image: Record<string, unknown>, where: string): PinnedImage {
  const { name, newName, digest, ...rest } = image;
  if (typeof name !== "string" || typeof newName !== "string") {
    throw new GitopsError(`${where} has an image without name and newName.`);
  }
  if (typeof digest !== "string" || !digestForm.test(digest)) {
    throw new GitopsError(`${where} pins ${name} without a digest (sha256:…).`);
  }
  const surplus = Object.keys(rest);
  if (surplus.length > 0) throw new GitopsError(`${where} says ${surplus.join(", ")} of ${name}; a digest is enough.`);
  return { name, newName, digest };
}

/** The release file that pins these images: sorted, so that a promotion's diff is its digests and nothing else. */
export function formatRelease(images: readonly PinnedImage[]): string {
  const lines = images
    .toSorted((left, right) => left.name.localeCompare(right.name))
    .map(({ name, newName, digest }) => `  - name: ${name}\n    newName: ${newName}\n    digest: ${digest}\n`);
  return `${header}images:\n${lines.join("")}`;
}

/** Lines that show what changes from one release to another, empty if nothing does. */
export function differences(before: readonly PinnedImage[], after: readonly PinnedImage[]): string[] {
  const then = new Map(before.map((image) => [image.name, image]));
  const now = new Map(after.map((image) => [image.name, image]));
  return [...new Set([...then.keys(), ...now.keys()])].toSorted().flatMap((name) => {
    const [from, to] = [then.get(name), now.get(name)];
    if (from && to && from.digest === to.digest && from.newName === to.newName) return [];
    return [`${name.padEnd(24)} ${short(from)} → ${short(to)}`];
  });
}

function short(image: PinnedImage | undefined): string {
  if (!image) return "(absent)".padEnd(12);
  return image.digest === unreleased ? "(unreleased)" : image.digest.slice("sha256:".length, "sha256:".length + 12);
}

/** `value` as a mapping. @throws GitopsError if it is anything else. */
export function asRecord(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new GitopsError(`${where} is not a mapping where one is needed.`);
  }
  return Object.fromEntries(Object.entries(value));
}
