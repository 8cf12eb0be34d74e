import { Elysia } from "elysia";
import { type Handle, openDoor, type Socket } from "./door.ts";
import type { DoorOptions } from "./door-options.ts";
import { readParameters } from "./parameters.ts";
import { presentProblem } from "./present-problem.ts";
import { contextOf } from "./request-context.ts";
import type { KnownRoutes } from "./unknown-route.ts";

/**
 * An app without routes whose every request goes through the door: address, trace, time limit, problem
 * answers, metrics, one log line.
 */
export function beginApp(options: DoorOptions) {
  const socket: Socket = {
    peerOf: (request) => app.server?.requestIP(request)?.address ?? null,
    limitSilence(request, ms) {
      // A request handed over in the process has no socket to close.
      if (app.server?.requestIP(request)) app.server.timeout(request, Math.ceil(ms / 1_000));
    },
  };
  // A host may have fewer than four letters: the path starts at the first slash after it.
  const app = new Elysia({ name: options.name, normalize: false, handler: { standardHostname: false } });
  // Evaluated per request: by then the service has added all its routes to this app.
  const routesOf = (): KnownRoutes => app;
  return app
    .wrap((next): Handle => openDoor({ ...options, routesOf }, asHandle(next), socket))
    .onTransform({ as: "global" }, ({ request, route, params }) => {
      const { fields } = contextOf(request);
      // The route's pattern, not the path: a label must have few values, and paths contain secrets.
      fields.route = route;
      const known = readParameters(options.parameters ?? {}, params ?? {});
      if (Object.keys(known).length > 0) fields.parameters = known;
    })
    .onError({ as: "global" }, async ({ error, request, code }) =>
      presentProblem(options, code === "NOT_FOUND" ? options.unknown(request, routesOf()) : error, request),
    );
}

/** Elysia types what it wraps as a bare Function; it is always its own `handle`. */
const asHandle = (next: unknown): Handle => next as Handle;
