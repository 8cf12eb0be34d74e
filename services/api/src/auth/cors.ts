/** Browsers repeat a preflight after this long, in seconds. */
const preflightSeconds = 600;

const allowed = {
  "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
  "access-control-allow-headers": "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, traceparent",
  "access-control-max-age": String(preflightSeconds),
};

const exposed = "ETag, Location, Retry-After, WWW-Authenticate, traceparent";

/** True for a CORS preflight (Fetch standard §3.2.2). */
export const isPreflight = (request: Request): boolean =>
  request.method === "OPTIONS" && request.headers.has("origin") && request.headers.has("access-control-request-method");

/**
 * The answer to a preflight: always 204; the headers say what is allowed, and only for the origins of
 * the settings.
 */
export function answerPreflight(origins: readonly string[], request: Request): Response {
  const isKnown = origins.includes(request.headers.get("origin") ?? "");
  return new Response(null, { status: 204, headers: isKnown ? allowed : {} });
}

/**
 * Adds the headers that let pages of the listed origins read an answer. No credentials: a page sends
 * its own token, never the browser's cookie. Every answer has `Vary`, so that no cache gives one
 * origin's answer to another.
 */
export function corsHeaders(origins: readonly string[]): (request: Request, response: Response) => void {
  return (request, { headers }) => {
    headers.append("vary", "Origin");
    const origin = request.headers.get("origin");
    if (origin === null || !origins.includes(origin)) return;
    headers.set("access-control-allow-origin", origin);
    headers.set("access-control-expose-headers", exposed);
  };
}
