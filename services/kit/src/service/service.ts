import { timingSafeEqual } from "node:crypto";
import { appTokenChallenge, appTokenHeader, type ServiceName } from "@carillon/contracts/names";
import { Elysia } from "elysia";
import { clockHealth } from "../database/clock.ts";
import { isDatabaseAway } from "../database/trouble.ts";
import { answer, toResponse } from "../http/answer.ts";
import { createOpenAnswers, type OpenAnswers } from "../http/open-answers.ts";
import { type AnswerKind, addSecurityHeaders, securityHeaders } from "../http/security-headers.ts";
import { stuckLoops } from "../loop/watch.ts";
import type { Log } from "../observe/log.ts";
import { metrics, registry } from "../observe/metrics.ts";
import {
  continueTrace,
  inSpan,
  parseTraceparent,
  type Span,
  type Trace,
  traceparentOf,
  withTrace,
} from "../observe/trace.ts";
import { allowedMethods, routeAt } from "./allowed-methods.ts";
import { keepOpen } from "./keep-open.ts";
import { type RouteParameters, readParameters } from "./parameters.ts";
import { Problem } from "./problem.ts";
import { asProblem, problemResponse } from "./problem-response.ts";
import { contextOf, type RequestContext, setContext } from "./request-context.ts";
import { noteRequest } from "./requests-under-way.ts";

export type ServiceOptions = {
  name: ServiceName;
  log: Log;
  /** `APP_API_TOKEN`: whoever calls an internal route must send it. */
  appToken: string;
  /** Rejects while the service cannot do its duty (PostgreSQL away). */
  ready?: () => Promise<void>;
  /** What this service leans on → how it is, for `GET /health`. */
  health?: () => Promise<Record<string, string>>;
  /**
   * Runs before routing and may refuse by throwing a Problem; returns the request to route (the same one, or with another path), or a
   * response when there is nothing to route.
   */
  before?: (request: Request) => Promise<Request | Response>;
  /** What stands in the addresses of its routes; a parameter that is not named here is in no route. */
  parameters?: RouteParameters;
  /** What its answers are, for the headers that protect them: data, unless it says otherwise. */
  answerKind?: AnswerKind;
  /** Whether people reach the product by https. */
  secure?: boolean;
  /** May add headers to any answer, problems and unknown paths included. */
  after?: (request: Request, response: Response) => void;
  /** Longest time an answer may take before it becomes a 503, in milliseconds; null for streams and the like. */
  deadlineMs?: (request: Request) => number | null;
  /** Where large answers on their way are counted; by default with all others of this process. */
  answers?: OpenAnswers;
  /** Turns a problem into this service's own kind of answer (a page); by default it is `application/problem+json`. */
  present?: (problem: Problem, request: Request, traceId: string) => Response | Promise<Response>;
};

const internalPaths = /^\/(internal|events|job|dapr)(\/|$)/;

/**
 * The beginning of every service's door: trace, log line, metrics, problem answers, the guard of internal routes, health
 * (`/health`, `/health/live`, `/health/ready`, `/ready`) and `/metrics`. Services `.use()` their routes on it.
 */
export function createService(options: ServiceOptions) {
  const socket: Socket = {
    peerOf: (request) => app.server?.requestIP(request)?.address ?? null,
    limitSilence(request, ms) {
      // A request that was handed over in the process has no socket to close.
      if (app.server?.requestIP(request)) app.server.timeout(request, Math.ceil(ms / 1_000));
    },
  };
  const app = new Elysia({ name: options.name, normalize: false });
  // Asked when a request comes: by then the service has hung all its routes on this app.
  const routesOf = (): Routes => app;
  return app
    .wrap((next): Handle => door({ ...options, routesOf }, asHandle(next), socket))
    .onTransform({ as: "global" }, ({ request, route, params }) => {
      const { fields } = contextOf(request);
      // The route's pattern, not the path: a label must have few values, and paths have secrets in them.
      fields.route = route;
      const known = readParameters(options.parameters ?? {}, params ?? {});
      if (Object.keys(known).length > 0) fields.parameters = known;
    })
    .onError({ as: "global" }, async ({ error, request, code }) => {
      const thrown = code === "NOT_FOUND" ? unknownRoute(routesOf(), request) : error;
      return present(options, thrown, request);
    })
    .get("/health/live", () => toResponse(answer(200, { status: "ok" })), hidden)
    .get("/health/ready", () => readiness(options), hidden)
    .get("/ready", () => readiness(options), hidden)
    .get("/health", async () => toResponse(answer(200, await health(options))), hidden)
    .get(
      "/metrics",
      async () => new Response(await registry.metrics(), { headers: { "content-type": registry.contentType } }),
      hidden,
    );
}

const hidden = { detail: { hide: true } };

type Handle = (request: Request, ...rest: unknown[]) => Response | Promise<Response>;

/** Elysia types what it wraps as a bare Function; it is always its own `handle`. */
const asHandle = (next: unknown): Handle => next as Handle;

/** Large answers count together, whichever service of this process gives them. */
const answersOfProcess = createOpenAnswers();

/** The socket a request came on; there is none for in-process calls and tests. */
type Socket = {
  peerOf: (request: Request) => string | null;
  /** Has the socket closed when its reader takes nothing for so long. */
  limitSilence: (request: Request, ms: number) => void;
};

type Door = ServiceOptions & { routesOf: () => Routes };

/** What happens around every request, whoever carries it. */
function door(options: Door, next: Handle, { peerOf, limitSilence }: Socket): Handle {
  const protection = securityHeaders(options.answerKind ?? "data", { secure: options.secure ?? false });
  return async (original, ...rest) => {
    const request = routable(original);
    const path = new URL(request.url).pathname;
    const given = request.headers.get("traceparent");
    const work = async (trace: Trace, span: Span | null): Promise<Response> => {
      const startedAt = performance.now();
      const peer = () => peerOf(original);
      const context: RequestContext = {
        trace,
        path,
        peer,
        limitSilence: (ms: number) => limitSilence(original, ms),
        fields: {},
      };
      setContext(request, context);
      const leave = noteRequest(context);
      const response = await handle(options, next, request, rest).finally(leave);
      options.after?.(request, response);
      addSecurityHeaders(response, protection);
      // What was refused before it was routed has an address all the same.
      context.fields.route ??= routeAt(options.routesOf(), request.method, path);
      record(options, request, context, response, performance.now() - startedAt);
      if (span) describe(span, request, context, response);
      return response;
    };
    if (quiet.test(path)) {
      // Nor is anything recorded that they ask of others.
      const trace = { ...continueTrace(given), sampled: false };
      return withTrace(trace, () => work(trace, null));
    }
    const attributes = { "http.request.method": request.method };
    const parent = parseTraceparent(given);
    return inSpan({ name: request.method, kind: "server", parent, attributes, service: options.name }, (span) =>
      work(span.trace, span),
    );
  };
}

/** A span is called by its route's pattern: paths have ids and tokens in them. */
function describe(span: Span, request: Request, { fields }: RequestContext, { status }: Response): void {
  const route = typeof fields.route === "string" ? fields.route : "";
  if (route !== "") span.rename(`${request.method} ${route}`);
  span.set({ "http.route": route, "http.response.status_code": status });
  if (status >= 500) span.fail(String(status));
}

/**
 * The request as Elysia and we see the same path in it. Elysia looks for the path's slash from the twelfth character on, so behind a
 * host of one to three letters it would route `/any/internal/x` as `/internal/x`, past every check of the path.
 */
function routable(request: Request): Request {
  const slash = request.url.indexOf("/", request.url.indexOf("://") + 3);
  return slash < 11 ? new Request(`http://localhost${request.url.slice(slash)}`, request) : request;
}

async function handle(options: ServiceOptions, next: Handle, request: Request, rest: unknown[]): Promise<Response> {
  try {
    const { path } = contextOf(request);
    if (internalPaths.test(path)) requireAppToken(options.appToken, request);
    const limitMs = options.deadlineMs?.(request) ?? null;
    const work = route(options, next, request, rest);
    const response = await (limitMs === null ? work : within(limitMs, work));
    // Neighbours, and this process itself, read what they asked for.
    const isForReaders = !internalPaths.test(path) && contextOf(request).peer() !== null;
    return isForReaders ? keepOpen(response, request, options.answers ?? answersOfProcess) : response;
  } catch (error) {
    return present(options, error, request);
  }
}

async function route(options: ServiceOptions, next: Handle, request: Request, rest: unknown[]): Promise<Response> {
  const context = contextOf(request);
  try {
    const routed = (await options.before?.(request)) ?? request;
    if (routed instanceof Response) return routed;
    if (routed !== request) setContext(routed, context);
    return await next(routed, ...rest);
  } finally {
    context.release?.();
  }
}

/** The work's result, or a 503 after `limitMs`: a database that hangs must not hang its callers. */
async function within(limitMs: number, work: Promise<Response>): Promise<Response> {
  let timer: Timer | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new Problem("unavailable", "No answer in time. Try again shortly.", { headers: { "retry-after": "2" } }),
        ),
      limitMs,
    );
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** True when the request carries the app token: the sidecar, or one of our own services. */
export function hasAppToken(expected: string, request: Request): boolean {
  const given = Buffer.from(request.headers.get(appTokenHeader) ?? "");
  const wanted = Buffer.from(expected);
  return wanted.length > 0 && given.length === wanted.length && timingSafeEqual(given, wanted);
}

function requireAppToken(expected: string, request: Request): void {
  if (!hasAppToken(expected, request)) {
    throw new Problem("unauthenticated", "This address is for the sidecar and neighbours only.", {
      headers: { "www-authenticate": appTokenChallenge },
    });
  }
}

type Routes = Parameters<typeof allowedMethods>[0];

function unknownRoute(app: Routes, request: Request): Problem {
  const path = new URL(request.url).pathname;
  const methods = allowedMethods(app, path);
  if (methods.length === 0) return new Problem("not_found", "There is nothing here under this address for you.");
  return new Problem("method_not_allowed", `${request.method} is not possible here; ${methods.join(", ")} is.`, {
    headers: { allow: methods.join(", ") },
  });
}

async function present(options: ServiceOptions, error: unknown, request: Request): Promise<Response> {
  const problem = asProblem(error);
  const { trace, path, fields } = contextOf(request);
  // What is away comes back by itself; only what does not is an error.
  const level = problem.code === "unavailable" ? "warn" : "error";
  if (problem.status >= 500)
    options.log[level]("request failed", { ...fields, problem: problem.code, error: problem.cause });
  return (
    (await options.present?.(problem, request, trace.traceId)) ??
    problemResponse(problem, { instance: path, traceId: trace.traceId })
  );
}

async function health({ name, health }: ServiceOptions): Promise<Record<string, string>> {
  const stuck = stuckLoops(name);
  const loops = stuck.length === 0 ? "ok" : `stuck: ${stuck.join(", ")}`;
  const clock = clockHealth();
  return { status: "ok", service: name, loops, ...(clock === null ? {} : { clock }), ...(await health?.()) };
}

async function readiness({ name, ready }: ServiceOptions): Promise<Response> {
  const stuck = stuckLoops(name);
  if (stuck.length > 0)
    throw new Problem("unavailable", `Background work does not go on: ${stuck.join(", ")}.`, {
      headers: { "retry-after": "2" },
    });
  try {
    await within(
      2_000,
      Promise.resolve(ready?.()).then(() => new Response()),
    );
    return toResponse(answer(200, { status: "ready" }));
  } catch (cause) {
    const detail = isDatabaseAway(cause) ? "The database cannot be reached." : "Not ready yet.";
    throw new Problem("unavailable", detail, { headers: { "retry-after": "2" }, cause });
  }
}

/** What is asked every moment gets no line and no span. */
const quiet = /^\/(health|ready|metrics|internal\/watch)/;

function record(
  options: ServiceOptions,
  request: Request,
  context: RequestContext,
  response: Response,
  durationMs: number,
): void {
  if (!response.headers.has("traceparent")) response.headers.set("traceparent", traceparentOf(context.trace));
  const labels = {
    service: options.name,
    method: request.method,
    route: String(context.fields.route ?? ""),
    status: String(response.status),
  };
  metrics.httpRequestDuration.observe(labels, durationMs / 1_000);
  if (quiet.test(context.path)) return;
  options.log.info("request", {
    method: request.method,
    status: response.status,
    duration_ms: Math.round(durationMs * 10) / 10,
    ...context.fields,
  });
}
