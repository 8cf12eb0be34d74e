import { appTokenChallenge } from "@carillon/contracts/names";
import { beginApp } from "./begin-app.ts";
import type { Caller } from "./callers.ts";
import type { DoorOptions } from "./door-options.ts";
import { metricsRoute } from "./metrics-route.ts";
import { Problem } from "./problem.ts";
import { contextOf } from "./request-context.ts";
import { unknownRoute } from "./unknown-route.ts";
import { withinLimit } from "./work-limit.ts";

/**
 * A route for the sidecar and neighbours. It exists on the internal listener only, and answers the
 * callers it names.
 */
export type InternalRoute = {
  method: "GET" | "POST" | "PUT" | "OPTIONS";
  path: `/${"internal" | "events" | "job"}/${string}`;
  callers: readonly Caller[];
  /** Replaces the door's own: null where the caller's timeout decides. */
  limitMs?: null;
  handle(asked: Asked): Response | Promise<Response>;
};

export type InternalOptions = Pick<DoorOptions, "name" | "log" | "appToken"> & {
  routes: readonly InternalRoute[];
  /** Maximum time for an answer before it becomes a 503; none: the callers' timeouts decide. */
  limitMs?: number;
};

/**
 * The door for the sidecar, neighbours and readers of `/metrics`. Every other route here was made from
 * an `InternalRoute`, whose handler starts by checking the caller: the matched route decides,
 * however its address was spelled.
 */
export function createInternalService({ routes, limitMs, ...options }: InternalOptions) {
  const app = beginApp({ ...options, parameters, unknown: unknownInside }).use(metricsRoute());
  for (const route of routes) {
    const limit = route.limitMs === null ? undefined : limitMs;
    // `parse: "none"`: nothing of a body is read before the caller is known.
    app.route(route.method, route.path, (asked) => answerCaller(route, limit, asked), {
      parse: "none",
      detail: { hide: true },
    });
  }
  return app;
}

/** The parameters of internal routes: ids of ours, and names of alarms. */
const parameters = { id: "id", "*": "name" } as const;

type Asked = { request: Request; params: Record<string, string> };

/** The route's answer. @throws Problem 401 for an unknown caller, 403 for a neighbour it does not admit. */
async function answerCaller(route: InternalRoute, limitMs: number | undefined, asked: Asked): Promise<Response> {
  requireCaller(asked.request, route.callers);
  const work = async () => route.handle(asked);
  return limitMs === undefined ? work() : withinLimit(asked.request, limitMs, work);
}

/** An unknown caller does not learn what exists. */
const unknownInside: DoorOptions["unknown"] = (request, routes) =>
  contextOf(request).caller() === null ? notForStrangers() : unknownRoute(request, routes);

function requireCaller(request: Request, callers: readonly Caller[]): void {
  const context = contextOf(request);
  const caller = context.caller();
  if (caller === null) throw notForStrangers();
  context.fields.caller = caller;
  if (!callers.includes(caller)) throw new Problem("forbidden", `This address does not answer ${caller}.`);
}

const notForStrangers = (): Problem =>
  new Problem("unauthenticated", "This address is for the sidecar and neighbours only.", {
    headers: { "www-authenticate": appTokenChallenge },
  });
