import { appTokenHeader, callerHeader } from "@carillon/contracts/names";
import { sendCause } from "@carillon/kit/observe";
import type { Invoker } from "@carillon/kit/ports";
import type { HttpMethod } from "@dapr/dapr/enum/HttpMethod.enum";
import { askThrough, Invocation } from "./sdk.ts";
import { refusalOf, type SidecarAnswer, type ToSidecar, unavailable } from "./sidecar.ts";

const usualMs = 5_000;

/**
 * Calls neighbours through the sidecar (Dapr service invocation API v1.0), which authenticates us to
 * theirs: our own app token stays here.
 */
export function daprInvoker(to: ToSidecar): Invoker {
  return {
    async call(service, { method, url, headers: given, body }, { timeoutMs = usualMs } = {}) {
      const away = `${service} cannot be reached.`;
      const { pathname, search } = new URL(url);
      const headers = new Headers([...given]);
      headers.delete(appTokenHeader);
      // The sidecar names the caller.
      headers.delete(callerHeader);
      sendCause(headers);
      const options = { headers: Object.fromEntries(headers) };
      const text = body === null ? null : await new Response(body).text();
      const answer = await askThrough(to, { timeoutMs, away }, async (client) =>
        new Invocation(client).invoke(service, pathname.slice(1) + search, methodOf(method), text, options),
      );
      if (isSidecarsOwn(answer)) throw unavailable(away, refusalOf(answer));
      const { status, text: answered } = answer;
      const hasNoBody = status === 204 || status === 205 || status === 304;
      return new Response(hasNoBody ? null : answered, { status, headers: plain(answer.headers) });
    },
  };
}

/** A Request's method is one of those the enumeration spells in lower case, and HEAD, which goes the same way. */
const methodOf = (method: string): HttpMethod => method.toLowerCase() as HttpMethod;

/**
 * A neighbour's failure is always `application/problem+json`. Any other is the sidecar's own: the
 * neighbour was not reached.
 */
const isSidecarsOwn = ({ status, headers }: SidecarAnswer): boolean =>
  status >= 400 && !(headers.get("content-type") ?? "").includes("problem+json");

/** The text is no longer what was sent: decoded, and complete. */
function plain(given: Headers): Headers {
  const headers = new Headers([...given]);
  for (const name of ["content-encoding", "content-length", "transfer-encoding"]) headers.delete(name);
  return headers;
}
