import { allowedMethods } from "./allowed-methods.ts";
import { Problem } from "./problem.ts";
import { contextOf } from "./request-context.ts";

export type KnownRoutes = Parameters<typeof allowedMethods>[0];

/** The message for an address without a route: 405 where another method would be answered, else 404. */
export function unknownRoute(request: Request, routes: KnownRoutes): Problem {
  const methods = allowedMethods(routes, contextOf(request).path);
  if (methods.length === 0) return new Problem("not_found", "Not found.");
  return new Problem("method_not_allowed", `${request.method} is not possible here; ${methods.join(", ")} is.`, {
    headers: { allow: methods.join(", ") },
  });
}
