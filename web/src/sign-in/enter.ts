import type { Browser, Entered } from "../api.ts";
import { readDevice, writeDevice, writeSession } from "../door/cookies.ts";
import { seeOther } from "../door/respond.ts";
import type { Web } from "../door/visit.ts";

/** A browser that signed in stays known for half a year. */
const deviceSeconds = 180 * 86_400;

/** The device's mark outlives many sessions. */
export function enter(
  { secure }: Web,
  { signedIn, device }: Entered,
  next: string,
  cookies: readonly string[] = [],
): Response {
  const session = writeSession(signedIn.access_token, { secure });
  const mark = device === null ? null : writeDevice(device, { secure, maxAgeSeconds: deviceSeconds });
  return seeOther(next, mark === null ? [session, ...cookies] : [session, mark, ...cookies]);
}

export const browserOf = (web: Web, request: Request): Browser => ({
  client: web.clientOf(request),
  agent: request.headers.get("user-agent"),
  languages: request.headers.get("accept-language"),
  device: readDevice(request, web),
  signal: request.signal,
});
