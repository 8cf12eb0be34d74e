export { type Cause, causeOfEvent, causeOfEvents, currentCause, sendCause, withCause } from "./cause.ts";
export { createLog, type Log, type LogLevel, logLevels, silentLog } from "./log.ts";
export { metrics, registry } from "./metrics.ts";
export { startTelemetry } from "./telemetry.ts";
export {
  continueTrace,
  currentTrace,
  inBatchSpan,
  inCallSpan,
  inSpan,
  isRecording,
  linkTrace,
  parseTraceparent,
  recordSpans,
  type Span,
  type SpanOptions,
  type StartedSpan,
  startSpan,
  type Trace,
  traceparentOf,
  withTrace,
} from "./trace.ts";
