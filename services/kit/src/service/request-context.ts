import type { Trace } from "../observe/trace.ts";
import type { Caller } from "./callers.ts";

/** The clock of a request's time limit, which can be paused. */
export type WorkClock = { hold(): void; goOn(): void };

/**
 * The state of a request while it is handled. `peer` is its network address, null inside the process
 * (a proxy in between is then the peer); `client` is what it counts as among all requests; `caller` is the proven neighbour or sidecar, null for an
 * unknown caller; `limitSilence` has its socket closed when the reader takes nothing for this long;
 * `clock` runs while an answer is awaited within a limit; `fields` end up in its one log line.
 */
export type RequestContext = {
  trace: Trace;
  path: string;
  peer: () => string | null;
  client?: string;
  caller: () => Caller | null;
  limitSilence?: (ms: number) => void;
  /** Called once its work has ended, also when it was abandoned before. */
  release?: () => void;
  /** Work that continues while the answer is sent: the user's turn lasts until it has ended. */
  lasting?: Promise<unknown>;
  clock?: WorkClock;
  fields: Record<string, unknown>;
};

const contexts = new WeakMap<Request, RequestContext>();

export function setContext(request: Request, context: RequestContext): void {
  contexts.set(request, context);
}

/** The context of a request that came through a service's door; a request without one is a defect. */
export function contextOf(request: Request): RequestContext {
  const context = findContext(request);
  if (!context) throw new Error("This request did not come through the service's door.");
  return context;
}

/** The neighbour or sidecar a request proved to be from; null for an unknown caller. */
export const callerOf = (request: Request): Caller | null => findContext(request)?.caller() ?? null;

/** The state of a request, or undefined when it came through no door. */
export const findContext = (request: Request): RequestContext | undefined => contexts.get(request);
