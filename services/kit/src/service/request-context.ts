import type { Trace } from "../observe/trace.ts";

/**
 * What is known of a request while it is handled. `peer` is the network address it came from, null inside the process (a proxy in
 * between is then the peer); `limitSilence` has its socket closed when the reader takes nothing for so long; `fields` end up in its one
 * log line.
 */
export type RequestContext = {
  trace: Trace;
  path: string;
  peer: () => string | null;
  limitSilence?: (ms: number) => void;
  /** Called once the work for it has ended, also when its answer was given up before. */
  release?: () => void;
  fields: Record<string, unknown>;
};

const contexts = new WeakMap<Request, RequestContext>();

export function setContext(request: Request, context: RequestContext): void {
  contexts.set(request, context);
}

/** The context of a request that came through a service's door; a request that did not has none, which is a fault here. */
export function contextOf(request: Request): RequestContext {
  const context = contexts.get(request);
  if (!context) throw new Error("This request did not come through the service's door.");
  return context;
}
