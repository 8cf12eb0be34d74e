import { Problem } from "./problem.ts";
import type { RequestContext } from "./request-context.ts";

/** A request, as the log may name it. */
export type Suspect = { trace_id: string; route: string };

/** Work left behind by a request may fail this long after its answer: longer than any call or statement may take. */
const settlingMs = 60_000;
const maxSuspects = 20;

/** Maximum requests a process handles at once; each may hold a body of 256 kB. */
const maxUnderWay = 1_000;
/** Once half of the room is taken, maximum requests of one client: slow bodies of one machine must not shut out all others. */
const maxPerClient = 50;

const underWay = new Set<RequestContext>();
/** How many of them came from a socket: a page's calls of other services within the process belong to the page's request. */
let fromSockets = 0;
/** How many of these each client has. */
const ofClients = new Map<string, number>();
/** The last ones that ended, the oldest first. */
const ended: { context: RequestContext; atMs: number }[] = [];

/** Records a request under way, until the returned function is called. */
export function noteRequest(context: RequestContext): () => void {
  underWay.add(context);
  countOf(context, 1);
  return () => {
    if (!underWay.delete(context)) return;
    countOf(context, -1);
    ended.push({ context, atMs: performance.now() });
    if (ended.length > maxSuspects) ended.shift();
  };
}

function countOf({ peer, client }: RequestContext, more: 1 | -1): void {
  if (peer() === null) return;
  fromSockets += more;
  if (client === undefined) return;
  const count = (ofClients.get(client) ?? 0) + more;
  if (count === 0) ofClients.delete(client);
  else ofClients.set(client, count);
}

/**
 * Rejects a request from a socket while too many are being handled, or too many of its client; calls within the process belong to
 * admitted requests.
 * @throws Problem 503, or 429 for this client.
 */
export function requireRoom({ peer, client }: Pick<RequestContext, "peer" | "client">): void {
  if (fromSockets <= maxUnderWay / 2 || peer() === null) return;
  if (client !== undefined && (ofClients.get(client) ?? 0) > maxPerClient)
    throw new Problem("too_many_requests", "Too many requests of yours are under way. Send fewer at a time.", {
      headers: { "retry-after": "1" },
    });
  if (fromSockets <= maxUnderWay) return;
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
