import { headersOf, streamedResponse, textResponse } from "@carillon/kit/http";
import { localPath } from "./form.ts";

type Options = { status?: number; headers?: Record<string, string>; cookies?: readonly string[] };

/** A page or a part of one; never cached, because it is private. */
export async function html(body: JSX.Element, options: Options = {}): Promise<Response> {
  return respond(await body, {
    ...options,
    headers: { "content-type": "text/html; charset=utf-8", ...options.headers },
  });
}

/** "Done, now look there": the browser reads `path` with GET, so that a reload never repeats a form. It never leaves this site. */
export const seeOther = (path: string, cookies: readonly string[] = []): Response =>
  respond(null, { status: 303, headers: { location: localPath(path, "/") }, cookies });

export function respond(body: BodyInit | null, { status = 200, headers = {}, cookies = [] }: Options): Response {
  const all = { "cache-control": "no-store", vary: "HX-Request, Cookie", ...headers };
  const init = { status, headers: headersOf(all, cookies) };
  if (typeof body === "string") return textResponse(body, init);
  return body instanceof ReadableStream
    ? streamedResponse(body[Symbol.asyncIterator](), init)
    : new Response(body, init);
}

/** The part of a page that htmx requested; without htmx, and on its history restores, the whole page. */
export type Part = "page" | "main" | "list" | "act" | "pane" | "save" | "dialog";

/** What our own script asks for by name, beside what htmx does. */
const named: readonly Part[] = ["act", "pane", "save", "dialog"];

export function partOf(request: Request): Part {
  const part = named.find((name) => name === request.headers.get("x-part"));
  if (part) return part;
  if (request.headers.get("hx-request") !== "true" || request.headers.get("hx-request-type") === "full") return "page";
  return request.headers.get("hx-target")?.endsWith("#list") ? "list" : "main";
}

export const isHtmx = (request: Request): boolean => partOf(request) !== "page";
