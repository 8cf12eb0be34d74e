import type { Link, Span as RecordedSpan, SpanContext, TracerProvider } from "@opentelemetry/api";
import { within } from "../loop/deadline.ts";
import { type Recorder, recordSpans, type Span, type SpanOptions, type StartedSpan, type Trace } from "./trace.ts";

export type TelemetryOptions = {
  /** The default owner of spans: the resource's `service.name`, unless `OTEL_SERVICE_NAME` says otherwise. */
  service: string;
  /** The process's environment. OpenTelemetry reads its own variables there itself. */
  environment: Readonly<Record<string, string | undefined>>;
};

/** The exporter of spans; `stop` sends what is left, in 2 s at most, and never rejects. */
export type Telemetry = { stop: () => Promise<void> };

const stopMs = 2_000;

/**
 * Sends this process's spans as OpenTelemetry's standard variables say: OTLP over HTTP to
 * `OTEL_EXPORTER_OTLP_ENDPOINT`, or with `OTEL_TRACES_EXPORTER=zipkin` to
 * `OTEL_EXPORTER_ZIPKIN_ENDPOINT`; sampled by `OTEL_TRACES_SAMPLER`, a caller's decision first.
 * Without any of them nothing is loaded or recorded. Sent in the background, dropped while the
 * collector is away: never rejects.
 */
export async function startTelemetry({ service, environment }: TelemetryOptions): Promise<Telemetry> {
  if (!isConfigured(environment)) return { stop: async () => {} };
  try {
    return await start(environment.OTEL_SERVICE_NAME || service);
  } catch (error) {
    process.stderr.write(`No traces: OpenTelemetry cannot be started: ${String(error)}\n`);
    return { stop: async () => {} };
  }
}

function isConfigured(environment: TelemetryOptions["environment"]): boolean {
  const exporter = environment.OTEL_TRACES_EXPORTER;
  if (exporter === "none" || environment.OTEL_SDK_DISABLED === "true") return false;
  return Boolean(exporter || environment.OTEL_EXPORTER_OTLP_ENDPOINT || environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT);
}

/** Imported only here: the SDK costs time and memory that deployments without a collector should not pay. */
async function start(serviceName: string): Promise<Telemetry> {
  const [{ NodeSDK }, api] = await Promise.all([import("@opentelemetry/sdk-node"), import("@opentelemetry/api")]);
  // By default it detects more: the command line, the machine's name and its user.
  process.env.OTEL_NODE_RESOURCE_DETECTORS ??= "env";
  // Prometheus scrapes metrics, and logs are lines.
  const sdk = new NodeSDK({ serviceName, instrumentations: [], metricReaders: [], logRecordProcessors: [] });
  sdk.start();
  recordSpans(recorderOf(api, api.trace.getTracerProvider(), serviceName));
  return {
    async stop() {
      recordSpans(null);
      await within(stopMs, "the collector", sdk.shutdown()).catch(() => {});
    },
  };
}

type Api = typeof import("@opentelemetry/api");

const kinds = {
  internal: 0,
  server: 1,
  client: 2,
  producer: 3,
  consumer: 4,
} as const satisfies Record<SpanOptions["kind"], number>;

function recorderOf(api: Api, provider: TracerProvider, serviceName: string): Recorder {
  const tracer = provider.getTracer("carillon");
  return {
    start({ name, kind, parent, links, attributes, service }: StartedSpan): Span {
      const around = parent ? api.trace.setSpanContext(api.ROOT_CONTEXT, contextOf(parent)) : api.ROOT_CONTEXT;
      const span = tracer.startSpan(
        name,
        {
          kind: kinds[kind],
          attributes: { ...attributes, ...ofService(service, serviceName), ...linkedTo(links) },
          links: links.map(linkOf),
        },
        around,
      );
      return spanOf(api, span);
    },
  };
}

function spanOf({ SpanStatusCode }: Api, span: RecordedSpan): Span {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    trace: { traceId, spanId, sampled: (traceFlags & 1) === 1 },
    rename: (name) => void span.updateName(name),
    set: (attributes) => void span.setAttributes(attributes),
    link: (trace) => void span.addLink(linkOf(trace)).setAttributes(linkedTo([trace])),
    fail: (type) => void span.setStatus({ code: SpanStatusCode.ERROR, message: type }).setAttribute("error.type", type),
    end: () => span.end(),
  };
}

const contextOf = ({ traceId, spanId, sampled }: Trace): SpanContext => ({
  traceId,
  spanId,
  traceFlags: sampled ? 1 : 0,
  isRemote: true,
});

const linkOf = (trace: Trace): Link => ({ context: contextOf(trace) });

/** For several services in one process. Zipkin's exporter takes it for the service's name; elsewhere it is an attribute to search for. */
const ofService = (service: string | null, serviceName: string) =>
  service === null || service === serviceName ? {} : { "service.name": service };

/** A link as an attribute as well: Zipkin has no links, and an id can be searched for. */
const linkedTo = ([first, ...more]: readonly Trace[]) =>
  first && more.length === 0 ? { "carillon.linked_trace_id": first.traceId } : {};
