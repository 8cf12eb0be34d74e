import { Problem } from "@carillon/kit/service";
import type { ApiDeps } from "../../deps.ts";
import { callerIfAny } from "../caller.ts";
import { logSecurity } from "../security-log.ts";
import { allows, routeNeeds } from "./route-scopes.ts";

/**
 * Holds access tokens to their scope, by the route that was matched: no spelling of an address can matter. @throws Problem 403.
 */
export const requireScope =
  (deps: ApiDeps) =>
  ({ request, route }: { request: Request; route: string }): void => {
    const caller = callerIfAny(request);
    if (caller?.kind !== "token") return;
    const method = request.method === "HEAD" ? "GET" : request.method;
    const need = routeNeeds[`${method} ${route}`] ?? "session";
    if (allows(caller.scope, need)) return;
    logSecurity(deps, request, { event: "scope check", subject: { user_id: caller.userId }, outcome: "failed" });
    if (need === "session") throw new Problem("forbidden", "An access token cannot do this; sign in instead.");
    throw new Problem("forbidden", `This access token may not do this: it needs the scope ${need}.`, {
      headers: { "www-authenticate": `Bearer error="insufficient_scope", scope="${need}"` },
    });
  };
