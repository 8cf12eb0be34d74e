import type { ServiceName } from "@carillon/contracts/names";
import { Elysia } from "elysia";
import type { OpenAnswers } from "../http/open-answers.ts";
import type { AnswerKind } from "../http/security-headers.ts";
import type { Log } from "../observe/log.ts";
import type { Client } from "./client-address.ts";
import { type Handle, openDoor, type Socket } from "./door.ts";
import { type RouteParameters, readParameters } from "./parameters.ts";
import { presentProblem } from "./present-problem.ts";
import type { Problem } from "./problem.ts";
import { contextOf } from "./request-context.ts";
import type { KnownRoutes } from "./unknown-route.ts";

export type DoorOptions = {
  name: ServiceName;
  log: Log;
  /** `APP_API_TOKEN`: the sidecar's token; neighbours' own tokens derive from it. */
  appToken: string;
  /**
   * Runs before routing and may reject by throwing a Problem; returns the request to route (the same
   * one, or with another path), or a response when there is nothing to route.
   */
  before?: (request: Request) => Promise<Request | Response>;
  /** The parameters in the addresses of its routes; a route may use no other. */
  parameters?: RouteParameters;
  /** The kind of its answers, for the headers that protect them: data by default. */
  answerKind?: AnswerKind;
  /** Whether users reach the product by https. */
  secure?: boolean;
  /** May add headers to any answer, problems and unknown paths included. */
  after?: (request: Request, response: Response) => void;
  /** Maximum time for an answer before it becomes a 503, in milliseconds; null for streams and the like. */
  deadlineMs?: (request: Request) => number | null;
  /** Where large answers to users and programs are counted; none: neighbours read what they request. */
  answers?: OpenAnswers;
  /** Whose a request is when room is short. Without it no client's: neighbours and carriers come from few addresses. */
  clientOf?: (request: Request) => Client;
  /** Turns a problem into this service's own kind of answer (a page); by default it is `application/problem+json`. */
  present?: (problem: Problem, request: Request, traceId: string) => Response | Promise<Response>;
  /** The message for an address without a route. */
  unknown: (request: Request, routes: KnownRoutes) => Problem;
};

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
