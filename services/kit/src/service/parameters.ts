import { isUuid } from "../http/read.ts";
import { notFound } from "./problem.ts";

/** What stands in an address: an id of ours, one of a few names, or something that opens a door by itself and is written down nowhere. */
export type ParameterKind = "id" | "name" | "secret";

/** The parameters of a service's routes, by the name they have in its patterns (`/files/:id`). */
export type RouteParameters = Readonly<Record<string, ParameterKind>>;

/**
 * The parameters of a matched route that may be written down. A route with one that its service does not declare is answered by none.
 * @throws Problem "not_found" for an id that is none.
 */
export function readParameters(
  declared: RouteParameters,
  given: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const known: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const kind = Object.hasOwn(declared, name) ? declared[name] : undefined;
    if (kind === undefined) throw new Error(`The parameter ":${name}" is not declared.`);
    if (kind === "id" && !isUuid(value ?? "")) throw notFound();
    if (kind !== "secret" && value !== undefined) known[name] = value;
  }
  return known;
}
