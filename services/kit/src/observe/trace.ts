import { AsyncLocalStorage } from "node:async_hooks";

/** One unit of work as W3C Trace Context knows it (https://www.w3.org/TR/trace-context/): 16 and 8 bytes, lower-case hexadecimal. */
export type Trace = { traceId: string; spanId: string; sampled: boolean };

type Current = { trace: Trace; service: string | null; span: Span | null };

const current = new AsyncLocalStorage<Current>();

/** Runs `work` as part of `trace`; everything it awaits sees it through `currentTrace()`. `service`: as in `SpanOptions`. */
export const withTrace = <Result>(trace: Trace, work: () => Result, service?: string): Result =>
  current.run({ trace, service: service ?? current.getStore()?.service ?? null, span: null }, work);

export const currentTrace = (): Trace | undefined => current.getStore()?.trace;

/** The trace and span of a `traceparent` header; null when it is absent or malformed. */
export function parseTraceparent(traceparent: string | null | undefined): Trace | null {
  const [, traceId, spanId, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? "") ?? [];
  if (!traceId || !spanId || !flags || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/**
 * The trace of a `traceparent` header, with a span id of our own; a new trace when the header is
 * absent or malformed.
 */
export const continueTrace = (traceparent: string | null | undefined): Trace => childOf(parseTraceparent(traceparent));

/** The `traceparent` header that carries this trace on. */
export const traceparentOf = ({ traceId, spanId, sampled }: Trace): string =>
  `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`;

const childOf = (parent: Trace | null): Trace => ({
  traceId: parent?.traceId ?? hex(16),
  spanId: hex(8),
  sampled: parent?.sampled ?? true,
});

const hex = (bytes: number): string => crypto.getRandomValues(new Uint8Array(bytes)).toHex();

/**
 * Numbers, states and names of ours, under OpenTelemetry's semantic conventions. Never user text, an
 * address or a token.
 */
export type Attributes = Record<string, string | number | boolean>;

export type SpanOptions = {
  /** One of few: a route's pattern, a topic, a verb; never with an id. */
  name: string;
  kind: "server" | "client" | "producer" | "consumer" | "internal";
  /** By default the current trace; null starts a new one. */
  parent?: Trace | null;
  /** Related traces. */
  links?: readonly Trace[];
  attributes?: Attributes;
  /** The service doing the work, for several in one process; by default that of the surrounding work. */
  service?: string;
};

/** A piece of work under way. `trace` names it; pass that on. */
export type Span = {
  trace: Trace;
  rename(name: string): void;
  set(attributes: Attributes): void;
  link(trace: Trace): void;
  /** It failed. `type`: a kind of error with few values, such as a class, a code or a status. */
  fail(type: string): void;
  end(): void;
};

/** Records spans; `telemetry.ts` has the one of OpenTelemetry. */
export type Recorder = { start(span: StartedSpan): Span };
export type StartedSpan = Required<Omit<SpanOptions, "service">> & { service: string | null };

let recorder: Recorder | null = null;

/** From now on spans go to `to`; null: nowhere, the initial state. */
export function recordSpans(to: Recorder | null): void {
  recorder = to;
}

/** Whether spans are recorded. */
export const isRecording = (): boolean => recorder !== null;

const nothing = () => {};
const unrecorded = (trace: Trace): Span => ({
  trace,
  rename: nothing,
  set: nothing,
  link: nothing,
  fail: nothing,
  end: nothing,
});

/** A span that its caller ends. Without a recorder it is only a name: that of the surrounding work, if there is any. */
export function startSpan(options: SpanOptions): Span {
  const around = current.getStore();
  const { name, kind, links = [], attributes = {} } = options;
  const parent = options.parent === undefined ? (around?.trace ?? null) : options.parent;
  // A trace that was not sampled at its start stays so to its end, here as in every other service.
  if (recorder && parent?.sampled !== false)
    return recorder.start({
      name,
      kind,
      parent,
      links,
      attributes,
      service: options.service ?? around?.service ?? null,
    });
  return unrecorded(parent !== null && kind !== "server" ? parent : childOf(parent));
}

/** Links the surrounding span to another trace. */
export const linkTrace = (trace: Trace): void => current.getStore()?.span?.link(trace);

/** The result of `work`, run within a span that ends with it; a failure is recorded by its kind, and rethrown. */
export async function inSpan<Result>(options: SpanOptions, work: (span: Span) => Promise<Result>): Promise<Result> {
  const span = startSpan(options);
  const around = current.getStore();
  try {
    if (span.trace === around?.trace) return await work(span);
    const service = options.service ?? around?.service ?? null;
    return await current.run({ trace: span.trace, service, span }, () => work(span));
  } catch (error) {
    span.fail(kindOf(error));
    throw error;
  } finally {
    span.end();
  }
}

/**
 * Like `inSpan`, for work on several things at once, each with a trace of its own: part of their trace
 * when they share one, else a new one that links to theirs.
 */
export async function inBatchSpan<Result>(
  options: Omit<SpanOptions, "parent" | "links">,
  traces: readonly Trace[],
  work: (span: Span) => Promise<Result>,
): Promise<Result> {
  const [first] = traces;
  const isShared = first !== undefined && traces.every(({ traceId }) => traceId === first.traceId);
  return inSpan(
    { ...options, parent: isShared ? first : null, links: isShared ? [] : traces.slice(0, mostLinks) },
    work,
  );
}

const mostLinks = 100;

/**
 * The answer of `peer` to a request, sent within a span of its own, whose `traceparent` the request
 * carries. `name`: by default its method and the peer.
 */
export function inCallSpan(
  { peer, request, name = `${request.method} ${peer}` }: { peer: string; request: Request; name?: string },
  send: (request: Request) => Promise<Response>,
): Promise<Response> {
  const attributes = { "http.request.method": request.method, "peer.service": peer };
  return inSpan({ name, kind: "client", attributes }, async ({ trace, set, fail }) => {
    request.headers.set("traceparent", traceparentOf(trace));
    const response = await send(request);
    set({ "http.response.status_code": response.status });
    if (response.status >= 400) fail(String(response.status));
    return response;
  });
}

/** A word of ours or of the platform, never a message: those may quote user text. */
function kindOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (typeof code === "string" && /^\w{1,40}$/.test(code)) return code;
  return error instanceof Error ? error.name : "unknown";
}
