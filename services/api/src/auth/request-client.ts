import { type Client, callerOf, clientOfRequest, toldClient } from "@carillon/kit/service";
import type { ApiDeps } from "../deps.ts";

/**
 * Where a request came from: as our own web reports of its browser, else as the socket and trusted
 * proxies show.
 */
export function requestClient({ settings, log }: ApiDeps, request: Request): Client {
  if (callerOf(request) !== null) return toldClient(request.headers.get("x-forwarded-for"));
  return clientOfRequest(request, { trusted: settings.trustedProxies, log });
}
