import { headersOf } from "./header-value.ts";
import { textResponse } from "./large-body.ts";

/** An answer as plain data, so that it can be stored and repeated (Idempotency-Key) before it becomes a Response. */
export type Answer = { status: number; body: unknown; headers: Record<string, string> };

export const answer = (status: number, body: unknown = null, headers: Record<string, string> = {}): Answer => ({
  status,
  body,
  headers,
});

export function toResponse({ status, body, headers }: Answer): Response {
  const all = headersOf({ "cache-control": "no-store", ...headers });
  if (body === null) return new Response(null, { status, headers: all });
  if (!all.has("content-type")) all.set("content-type", "application/json; charset=utf-8");
  return textResponse(JSON.stringify(body), { status, headers: all });
}
