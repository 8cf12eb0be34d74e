import { Problem } from "./problem.ts";
import type { RequestContext } from "./request-context.ts";

/** A request, as the log may name it. */
export type Suspect = { trace_id: string; route: string };

/** Work left behind by a request may fail this long after its answer: longer than any call or statement may take. */
const settlingMs = 60_000;
const maxSuspects = 20;

/** Maximum requests a process handles at once; each may hold a body of 256 kB. */
const maxUnderWay = 1_000;

const underWay = new Set<RequestContext>();
/** The last ones that ended, the oldest first. */
const ended: { context: RequestContext; atMs: number }[] = [];

/** Records a request under way, until the returned function is called. */
export function noteRequest(context: RequestContext): () => void {
  underWay.add(context);
  return () => {
    if (!underWay.delete(context)) return;
    ended.push({ context, atMs: performance.now() });
    if (ended.length > maxSuspects) ended.shift();
  };
}

/**
 * Rejects a request from a socket while too many are being handled; calls within the process belong to
 * admitted requests.
 * @throws Problem 503.
 */
export function requireRoom({ peer }: Pick<RequestContext, "peer">): void {
  if (underWay.size <= maxUnderWay || peer() === null) return;
  throw new Problem("unavailable", "Too many requests are under way right now. Try again shortly.", {
    headers: { "retry-after": "1" },
  });
}

/**
 * The requests that an unawaited failure may come from, the newest first. None: it comes from no
 * request. Bun does not say in whose work a promise was rejected, so while requests are under way,
 * it counts as theirs.
 */
export function suspects(nowMs: number = performance.now()): Suspect[] {
  const lately = ended.filter(({ atMs }) => nowMs - atMs < settlingMs).map(({ context }) => context);
  return [...lately, ...underWay]
    .reverse()
    .slice(0, maxSuspects)
    .map(({ trace, fields }) => ({ trace_id: trace.traceId, route: String(fields.route ?? "") }));
}
