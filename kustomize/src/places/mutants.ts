import type { Manifest } from "../files.ts";
import type { Place, PlaceName } from "./place.ts";

type ObjectPath = (string | number)[];
/** The object, the path in it, and the replacement; undefined removes the value. */
export type Mistake = { object: string; path: ObjectPath; value?: unknown };

/** Where a mistake is planted: in a rendered object, by path (no value: removed), or in a file's text. */
export type Planted =
  | ({ in: "product" | "cluster" } & Mistake)
  | { in: "file"; file: string; from: string; to: string };
export type PlaceMutant = { finding: string; law: string; place: PlaceName; at: Planted; says: string };

/** The platform with that mistake. @throws Error when the path does not exist. */
export function plant(place: Place, at: Planted): Place {
  if (at.in !== "file") return { ...place, [at.in]: changed(place[at.in], at.object, at.path, at.value) };
  const text = place.read(at.file);
  if (!text.includes(at.from)) throw new Error(`${at.file} does not hold: ${at.from}`);
  return { ...place, read: (file) => (file === at.file ? text.replaceAll(at.from, at.to) : place.read(file)) };
}

/** The objects with one changed: names that end in a hash are found by their beginning. */
export function changed(manifests: readonly Manifest[], object: string, path: ObjectPath, value?: unknown): Manifest[] {
  const copy = structuredClone([...manifests]);
  const [kind, name = ""] = object.split("/");
  const target = copy.find((one) => one.kind === kind && one.metadata.name.startsWith(name));
  if (!target) throw new Error(`There is no ${object}.`);
  const last = path.at(-1);
  let here: unknown = target;
  for (const key of path.slice(0, -1)) here = Reflect.get(Object(here), key);
  if (last === undefined || typeof here !== "object" || here === null)
    throw new Error(`${object} has no ${path.join(".")}.`);
  if (value === undefined) Reflect.deleteProperty(here, last);
  else Reflect.set(here, last, value);
  return copy;
}
