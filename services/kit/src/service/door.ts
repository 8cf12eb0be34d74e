import { packed } from "../http/compress.ts";
import { addSecurityHeaders, securityHeaders } from "../http/security-headers.ts";
import { type Cause, causeIn, withCause } from "../observe/cause.ts";
import { metrics } from "../observe/metrics.ts";
import {
  continueTrace,
  inSpan,
  parseTraceparent,
  type Span,
  type Trace,
  traceparentOf,
  withTrace,
} from "../observe/trace.ts";
import { addressOf } from "./address.ts";
import { routeAt } from "./allowed-methods.ts";
import { type Caller, knownCallers } from "./callers.ts";
import { clientBucket } from "./client-address.ts";
import type { DoorOptions } from "./door-options.ts";
import { keepOpen } from "./keep-open.ts";
import { ownTurn } from "./own-turn.ts";
import { presentProblem } from "./present-problem.ts";
import { Problem } from "./problem.ts";
import { problemResponse } from "./problem-response.ts";
import { contextOf, type RequestContext, setContext } from "./request-context.ts";
import { noteRequest, requireRoom } from "./requests-under-way.ts";
import type { KnownRoutes } from "./unknown-route.ts";
import { withinLimit } from "./work-limit.ts";

export type Handle = (request: Request, ...rest: unknown[]) => Response | Promise<Response>;

/** The socket a request came on; none for in-process calls and tests. */
export type Socket = {
  /** The address of its other end. */
  peerOf: (request: Request) => string | null;
  /** Has the socket closed when its reader takes nothing for this long. */
  limitSilence: (request: Request, ms: number) => void;
};

type Door = DoorOptions & { routesOf: () => KnownRoutes };

/** The processing around every request, for every carrier. */
export function openDoor(options: Door, next: Handle, socket: Socket): Handle {
  const protection = securityHeaders(options.answerKind ?? "data", { secure: options.secure ?? false });
  const callerOf = knownCallers(options.appToken);
  return async (request, ...rest) => {
    const address = addressOf(request);
    const path = address?.pathname ?? "/";
    const given = request.headers.get("traceparent");
    // Now, while its socket is certainly open.
    const peer = socket.peerOf(request);
    const caller = () => callerOf({ headers: request.headers, peer });
    const work = async (trace: Trace, span: Span | null): Promise<Response> => {
      const startedAt = performance.now();
      const limitSilence = (ms: number) => socket.limitSilence(request, ms);
      const context: RequestContext = { trace, path, peer: () => peer, caller, limitSilence, fields: {} };
      setContext(request, context);
      const client = options.clientOf?.(request).address ?? null;
      if (client !== null) context.client = clientBucket(client);
      const leave = noteRequest(context);
      const response = await answer(options, next, request, rest, address).finally(leave);
      options.after?.(request, response);
      addSecurityHeaders(response, protection);
      // A request rejected before routing has an address all the same.
      if (address) context.fields.route ??= routeAt(options.routesOf(), request.method, path);
      record(options, request, context, response, performance.now() - startedAt);
      if (span) describe(span, request, context, response);
      return response;
    };
    if (quiet.test(path)) {
      // Nor are their calls to others recorded.
      const trace = { ...continueTrace(given), sampled: false };
      return withTrace(trace, async () => withCause(causeOf(request, trace, caller), () => work(trace, null)));
    }
    const attributes = { "http.request.method": request.method };
    const parent = parseTraceparent(given);
    return inSpan({ name: request.method, kind: "server", parent, attributes, service: options.name }, async (span) =>
      withCause(causeOf(request, span.trace, caller), () => work(span.trace, span)),
    );
  };
}

/** A request is the first of its kind, unless a neighbour proves itself and names an earlier one. */
const causeOf = ({ headers }: Request, { traceId }: Trace, caller: () => Caller | null): Cause => {
  const sent = causeIn(headers);
  return sent && caller() !== null ? sent : { correlationId: traceId, causationId: null };
};

/** The answer to a request without an address: nothing else is done with it. */
const misaddressed = ({ traceId }: Trace): Response =>
  problemResponse(new Problem("malformed", "The request names no host, or not exactly one: send one valid Host."), {
    instance: "/",
    traceId,
  });

async function answer(
  options: DoorOptions,
  next: Handle,
  request: Request,
  rest: unknown[],
  address: URL | null,
): Promise<Response> {
  // Calls within the process come from a request that has had its turn.
  if (contextOf(request).peer() !== null) await ownTurn();
  if (address === null) return misaddressed(contextOf(request).trace);
  try {
    if (!quiet.test(address.pathname)) requireRoom(contextOf(request));
    const limitMs = options.deadlineMs?.(request) ?? null;
    const work = () => route(options, next, request, rest);
    const made = await (limitMs === null ? work() : withinLimit(request, limitMs, work));
    // This process itself reads what it requested.
    const { answers } = options;
    if (!answers || contextOf(request).peer() === null) return made;
    return keepOpen(await packed(request, made), request, answers);
  } catch (error) {
    return presentProblem(options, error, request);
  }
}

async function route(options: DoorOptions, next: Handle, request: Request, rest: unknown[]): Promise<Response> {
  const context = contextOf(request);
  try {
    const routed = (await options.before?.(request)) ?? request;
    if (routed instanceof Response) return routed;
    if (routed !== request) setContext(routed, context);
    return await next(routed, ...rest);
  } finally {
    const release = (): void => context.release?.();
    if (context.lasting) context.lasting.then(release, release);
    else release();
  }
}

/** A span is named by its route's pattern: paths contain ids and tokens. */
function describe(span: Span, request: Request, { fields }: RequestContext, { status }: Response): void {
  const route = typeof fields.route === "string" ? fields.route : "";
  if (route !== "") span.rename(`${request.method} ${route}`);
  span.set({ "http.route": route, "http.response.status_code": status });
  if (status >= 500) span.fail(String(status));
}

/** Frequent polls get no log line and no span. */
const quiet = /^\/(health|ready|metrics|internal\/watch)/;

function record(
  options: DoorOptions,
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
