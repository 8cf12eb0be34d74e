import { appTokenHeader, type ServiceName } from "@carillon/contracts/names";
import type { Invoker } from "../../ports.ts";
import { Problem } from "../../problem.ts";
import { currentTrace, traceparentOf } from "../../trace.ts";

export type DaprInvokerOptions = {
  /** Where the sidecar listens, without a path. */
  sidecar: URL;
  /** `DAPR_API_TOKEN`; empty: the sidecar asks for none. */
  daprToken: string;
  fetch: (request: Request) => Promise<Response>;
};

const usualMs = 5_000;

/** Calls neighbours through the sidecar (Dapr service invocation API v1.0), which proves us to theirs: our own app token stays here. */
export function daprInvoker({ sidecar, daprToken, fetch }: DaprInvokerOptions): Invoker {
  return {
    async call(service, request, { timeoutMs = usualMs } = {}) {
      const { pathname, search } = new URL(request.url);
      const headers = new Headers([...request.headers]);
      headers.delete(appTokenHeader);
      if (daprToken) headers.set("dapr-api-token", daprToken);
      const trace = currentTrace();
      if (trace && !headers.has("traceparent")) headers.set("traceparent", traceparentOf(trace));
      const body = request.body === null ? null : await request.text();
      const signal = AbortSignal.timeout(timeoutMs);
      const url = new URL(`/v1.0/invoke/${service}/method${pathname}${search}`, sidecar);
      try {
        const answer = await fetch(new Request(url, { method: request.method, headers, body, signal }));
        // Read here, so that the time allowed covers the whole answer.
        const text = await answer.text();
        if (isSidecarsOwn(answer, text))
          throw new Error(`the sidecar answered ${answer.status}: ${text.slice(0, 200)}`);
        const hasNoBody = answer.status === 204 || answer.status === 205 || answer.status === 304;
        return new Response(hasNoBody ? null : text, { status: answer.status, headers: plain(answer.headers) });
      } catch (cause) {
        throw away(service, cause);
      }
    },
  };
}

/** A neighbour's failure is `application/problem+json`; the sidecar's is `{errorCode: "ERR_…"}`: then nobody was reached. */
const isSidecarsOwn = ({ ok, headers }: Response, text: string): boolean =>
  !ok && !(headers.get("content-type") ?? "").includes("problem+json") && text.includes('"errorCode"');

/** The text is no longer what was sent: decoded, and whole. */
function plain(given: Headers): Headers {
  const headers = new Headers([...given]);
  for (const name of ["content-encoding", "content-length", "transfer-encoding"]) headers.delete(name);
  return headers;
}

const away = (service: ServiceName, cause: unknown): Problem =>
  new Problem("unavailable", `${service} cannot be reached.`, { headers: { "retry-after": "2" }, cause });
