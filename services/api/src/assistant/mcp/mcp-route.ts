import { answer, bodyLimitBytes, headersOf, readBytes, toResponse } from "@carillon/kit/http";
import { contextOf } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { type Caller, callerOf } from "../../auth/caller.ts";
import { allows } from "../../auth/index.ts";
import type { ApiDeps } from "../../deps.ts";
import { type Reader, readerOf } from "../../tasks/index.ts";
import type { Asking } from "../tools/tool.ts";
import { readListening } from "./notices/listen.ts";

/**
 * The Model Context Protocol (revisions 2026-07-28 and 2025-11-25) over Streamable HTTP. It keeps nothing between requests, so any replica
 * answers any of them; the guard has judged address and credential before.
 */
export const mcpRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/mcp",
    async ({ request }) => {
      const caller = callerOf(request);
      const asking = askingAs(deps, caller, readerOf(request));
      const mayWrite = caller.kind === "session" || allows(caller.scope, "tasks:write");
      const { method, url, headers } = request;
      // Read by ourselves: what a slow client still sends is bounded in time as everywhere.
      const body = await readBytes(request, bodyLimitBytes);
      const message = messageIn(body);
      if (Array.isArray(message)) return toResponse(answer(400, noBatches));
      // Loaded by the first program that asks: most products have none, and the SDK takes memory.
      const { serveMcp } = await import("./serve-mcp.ts");
      // Without the client's signal: at its abort the SDK stops to wait for the tool, whose transaction goes on.
      const asked = { request: new Request(url, { method, headers, body }), message, hurry: () => hurry(request) };
      const response = await serveMcp(asking, mayWrite, asked);
      const all = headersOf({ "cache-control": "no-store", "x-accel-buffering": "no" });
      for (const [name, value] of response.headers) all.set(name, value);
      // The SDK answers before its tool has run: read to its end, the request keeps its turn and its deadline until the work is done.
      const isStream = readListening(message) !== null && isEvents(response);
      const whole = isStream ? response.body : await response.text();
      return new Response(whole, { status: response.status, headers: all });
    },
    { parse: "none", detail: { hide: true } },
  );

/** No revision served here knows batches, and a hundred calls must not count as one request. */
const noBatches = { jsonrpc: "2.0", id: null, error: { code: -32_600, message: "Send one request at a time." } };

const isEvents = ({ headers }: Response): boolean => headers.get("content-type") === "text/event-stream";

/** How long a client that does not read may keep a stream that has ended. */
const lastWordsMs = 1_000;
const hurry = (request: Request): void => contextOf(request).limitSilence?.(lastWordsMs);

/** The message of a request; undefined: it is none, which the SDK says in its own words. */
function messageIn(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

/** A program asks: on the word of its token. */
const askingAs = (deps: ApiDeps, { kind, userId, timeZone, credentialId }: Caller, reader: Reader): Asking => ({
  deps,
  userId,
  timeZone,
  reader,
  by: { kind, id: credentialId },
});
