import { GitopsError } from "./release.ts";

/** A YAML mapping with unchecked values. */
export type Mapping = Record<string, unknown>;

/** The renderer, or null where there is none: kustomize, or kubectl, which includes it. */
export function renderer(): string[] | null {
  if (Bun.which("kustomize")) return ["kustomize", "build"];
  return Bun.which("kubectl") ? ["kubectl", "kustomize"] : null;
}

const rendered = new Map<string, string>();

/** A folder's rendering, cached. @throws GitopsError with the renderer's message. */
export function render(folder: string): string {
  const known = rendered.get(folder);
  if (known !== undefined) return known;
  const command = renderer();
  if (!command) throw new GitopsError("Neither kustomize nor kubectl is on PATH.");
  const { stdout, stderr, exitCode } = Bun.spawnSync([...command, folder]);
  if (exitCode !== 0) throw new GitopsError(`${folder}: ${stderr.toString().trim()}`);
  rendered.set(folder, stdout.toString());
  return stdout.toString();
}

/** The mappings of a text of YAML documents. */
export function documentsOf(text: string): Mapping[] {
  const parsed: unknown = Bun.YAML.parse(text);
  return mappings(Array.isArray(parsed) ? parsed : [parsed]);
}

/** `value` as a mapping, undefined if it is none. */
export const mapping = (value: unknown): Mapping | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined;

/** The mappings among the elements of a list, none if it is no list. */
export const mappings = (value: unknown): Mapping[] =>
  Array.isArray(value) ? value.map(mapping).filter((one) => one !== undefined) : [];

/** The value at a path of names with dots between, undefined if there is none. */
export function field(object: Mapping, path: string): unknown {
  return path.split(".").reduce<unknown>((value, name) => mapping(value)?.[name], object);
}
