export type Limits = {
  /** How long a whole answer may take. */
  wholeMs: number;
  /** How long a lasting answer may take to start; its reader decides how long it is read. */
  startMs: number;
  /** As `startMs`, for an answer of the assistant that comes in one piece: api's own limit (`CHAT_MAX_SECONDS`) is shorter. */
  thinkMs: number;
};

const usual: Limits = { wholeMs: 5_000, startMs: 5_000, thinkMs: 120_000 };

const thinking = /^\/api\/chat(\/confirm)?$/;
const lasting = /^\/(stream|api\/tasks\/export)$/;

/**
 * The answer of another service to the same request. Each has a limit, because a neighbour that is stopped or cut off says
 * nothing at all: streams and exports for their start, all others for the whole.
 */
export async function askNeighbour(base: URL, request: Request, limits: Limits = usual): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const there = new Request(new URL(pathname + search, base), request);
  if (thinking.test(pathname)) return started(there, limits.thinkMs);
  if (lasting.test(pathname)) return started(there, limits.startMs);
  return fetch(there, {
    redirect: "manual",
    signal: AbortSignal.any([request.signal, AbortSignal.timeout(limits.wholeMs)]),
  });
}

/** @throws TimeoutError when the answer has not started in time. */
async function started(request: Request, limitMs: number): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(new DOMException("The answer did not start in time.", "TimeoutError")),
    limitMs,
  );
  try {
    return await fetch(request, { redirect: "manual", signal: AbortSignal.any([request.signal, late.signal]) });
  } finally {
    clearTimeout(timer);
  }
}
