import { appTokenHeader, callerHeader } from "@carillon/contracts/names";
import type { Invoker } from "../../ports.ts";
import { askSidecar, refusalOf, type SidecarAnswer, type ToSidecar, unavailable } from "./sidecar.ts";

const usualMs = 5_000;

/** Calls neighbours through the sidecar (Dapr service invocation API v1.0), which proves us to theirs: our own app token stays here. */
export function daprInvoker(to: ToSidecar): Invoker {
  return {
    async call(service, { method, url, headers: given, body }, { timeoutMs = usualMs } = {}) {
      const away = `${service} cannot be reached.`;
      const { pathname, search } = new URL(url);
      const headers = new Headers([...given]);
      headers.delete(appTokenHeader);
      // The sidecar says who we are.
      headers.delete(callerHeader);
      const answer = await askSidecar(to, {
        method,
        path: `/v1.0/invoke/${service}/method${pathname}${search}`,
        headers,
        body: body === null ? null : await new Response(body).text(),
        timeoutMs,
        away,
      });
      if (isSidecarsOwn(answer)) throw unavailable(away, refusalOf(answer));
      const { status, text } = answer;
      const hasNoBody = status === 204 || status === 205 || status === 304;
      return new Response(hasNoBody ? null : text, { status, headers: plain(answer.headers) });
    },
  };
}

/** A neighbour's failure is always `application/problem+json`. Another is the sidecar's own: nobody was reached. */
const isSidecarsOwn = ({ status, headers }: SidecarAnswer): boolean =>
  status >= 400 && !(headers.get("content-type") ?? "").includes("problem+json");

/** The text is no longer what was sent: decoded, and whole. */
function plain(given: Headers): Headers {
  const headers = new Headers([...given]);
  for (const name of ["content-encoding", "content-length", "transfer-encoding"]) headers.delete(name);
  return headers;
}
