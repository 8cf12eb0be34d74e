import { appTokenHeader } from "@carillon/contracts/names";
import { headersOf } from "@carillon/kit/http";
import { inCallSpan } from "@carillon/kit/observe";
import { type Client, forwardedFor, notFound, Problem } from "@carillon/kit/service";
import { problemOf } from "./problem-of.ts";

/** Carries a request to api and returns its answer; the host in the address is always `localhost`. */
export type FetchApi = (request: Request) => Promise<Response>;

type Call = {
  method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  raw?: Uint8Array<ArrayBuffer>;
  headers?: Record<string, string | undefined>;
  signal?: AbortSignal;
};

export type Carrier = {
  fetchApi: FetchApi;
  /** The token that proves web's identity. */
  token: string;
  session: string | null;
  client: Client;
};

/** No browser's address: what web asks for itself. */
export const nowhere: Client = { address: null, peer: null };

export const json = async <Body>(carrier: Carrier, call: Call): Promise<Body> =>
  bodyOf<Body>(await send(carrier, call));

export const made = async <Body>(carrier: Carrier, path: string, body: unknown, key: string): Promise<Body> =>
  json<Body>(carrier, { method: "POST", path, body, headers: { "idempotency-key": key } });

// Sound as far as the contract is kept: api's own tests check its answers against these schemas.
export const bodyOf = async <Body>(response: Response): Promise<Body> => (await response.json()) as Body;

/** The answer of a successful call. @throws Problem for every other one. */
export async function send({ fetchApi, token, session, client }: Carrier, call: Call): Promise<Response> {
  const url = new URL(call.path, "http://localhost");
  for (const [name, value] of Object.entries(call.query ?? {}))
    if (value !== undefined) url.searchParams.set(name, String(value));
  // An address that changes when parsed would ask for something else.
  if (url.pathname !== call.path) throw notFound();
  const headers = headersOf({
    accept: "application/json",
    [appTokenHeader]: token,
    authorization: session === null ? undefined : `Bearer ${session}`,
    "x-forwarded-for": forwardedFor(client) ?? undefined,
    "content-type": call.body === undefined ? undefined : "application/json",
    ...call.headers,
  });
  const body = call.raw ?? (call.body === undefined ? null : JSON.stringify(call.body));
  const response = await reach(
    fetchApi,
    new Request(url, { method: call.method ?? "GET", headers, body, signal: call.signal ?? null }),
  );
  if (!response.ok) throw await problemOf(response);
  return response;
}

async function reach(fetchApi: FetchApi, request: Request): Promise<Response> {
  try {
    return await inCallSpan({ peer: "api", request }, fetchApi);
  } catch (cause) {
    throw new Problem("unavailable", "Carillon's server is not answering right now.", {
      headers: { "retry-after": "5" },
      cause,
    });
  }
}
