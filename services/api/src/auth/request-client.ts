import { type Client, callerOf, clientOfRequest, toldClient } from "@carillon/kit/service";
import type { ApiDeps } from "../deps.ts";

/**
 * Where a request came from: what our own web says of its browser, else what the socket and
 * trusted proxies say.
 */
export function requestClient({ settings, log }: ApiDeps, request: Request): Client {
  if (callerOf(request) !== null) return toldClient(request.headers.get("x-forwarded-for"));
  return clientOfRequest(request, { trusted: settings.trustedProxies, log });
}
