import { isUuid } from "../http/read.ts";
import { notFound } from "./problem.ts";

/** A parameter of an address: an id of ours, one of a few names, or a secret that is logged nowhere. */
export type ParameterKind = "id" | "name" | "secret";

/** The parameters of a service's routes, by the name they have in its patterns (`/files/:id`). */
export type RouteParameters = Readonly<Record<string, ParameterKind>>;

/**
 * The loggable parameters of a matched route. A route with an undeclared one is never answered.
 * @throws Problem "not_found" for an invalid id.
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
