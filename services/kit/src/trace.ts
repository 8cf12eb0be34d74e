import { AsyncLocalStorage } from "node:async_hooks";

/** One unit of work as W3C Trace Context knows it (https://www.w3.org/TR/trace-context/): 16 and 8 bytes, lower-case hexadecimal. */
export type Trace = { traceId: string; spanId: string; sampled: boolean };

const current = new AsyncLocalStorage<Trace>();

/** Runs `work` as part of `trace`; everything it awaits sees it through `currentTrace()`. */
export const withTrace = <Result>(trace: Trace, work: () => Result): Result => current.run(trace, work);

export const currentTrace = (): Trace | undefined => current.getStore();

/** The trace of a `traceparent` header, with a span id of our own; a new trace when the header is absent or malformed. */
export function continueTrace(traceparent: string | null | undefined): Trace {
  const parts = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? "");
  const traceId = parts?.[1];
  const known = traceId !== undefined && !/^0+$/.test(traceId) && !/^0+$/.test(parts?.[2] ?? "0");
  return {
    traceId: known ? traceId : hex(16),
    spanId: hex(8),
    sampled: known ? (Number.parseInt(parts?.[3] ?? "0", 16) & 1) === 1 : true,
  };
}

/** The `traceparent` header that hands this trace on. */
export const traceparentOf = ({ traceId, spanId, sampled }: Trace): string =>
  `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`;

const hex = (bytes: number): string => crypto.getRandomValues(new Uint8Array(bytes)).toHex();
