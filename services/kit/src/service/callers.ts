import { createHmac, timingSafeEqual } from "node:crypto";
import { appTokenHeader, callerHeader, type ServiceName, services } from "@carillon/contracts/names";

/**
 * The caller of an internal route: a neighbour by its name, or the service's own sidecar (events,
 * alarms, bindings).
 */
export type Caller = ServiceName | "sidecar";

/** Services that call neighbours over plain HTTP, without a sidecar in between. */
const direct = ["web", "realtime"] as const satisfies readonly ServiceName[];
export type DirectCaller = (typeof direct)[number];

/**
 * The token of a service that calls without a sidecar: derived from `APP_API_TOKEN` and its own name,
 * and valid for no other.
 */
export const callerToken = (appToken: string, name: DirectCaller): string =>
  createHmac("sha256", appToken).update(`carillon caller ${name}`).digest("base64url");

type Heard = {
  headers: Headers;
  /** The socket's other end; null inside the process. */
  peer: string | null;
};

/**
 * The caller of a request, or null for an unknown one. `APP_API_TOKEN` itself belongs to the sidecar,
 * which runs on this machine: it names the neighbour it carries a call for, and none when it acts
 * for itself. From elsewhere a caller proves its own name.
 */
export function knownCallers(appToken: string): (heard: Heard) => Caller | null {
  const named = direct.map((name) => ({ name, token: callerToken(appToken, name) }));
  return ({ headers, peer }) => {
    const token = headers.get(appTokenHeader);
    if (token === null || appToken === "") return null;
    const carriedFor = headers.get(callerHeader);
    if (isSame(token, appToken)) return isThisMachine(peer) ? carried(carriedFor) : null;
    const found = named.find((one) => isSame(token, one.token));
    return found && carriedFor === null ? found.name : null;
  };
}

/** A name that others wrote beside the sidecar arrives as a list, which is not a name. */
const carried = (name: string | null): Caller | null =>
  name === null ? "sidecar" : (services.find((one) => one === name) ?? null);

/** Whether a socket's other end is a program on this machine; null is this very process. */
export const isThisMachine = (peer: string | null): boolean =>
  peer === null || peer === "::1" || /^(?:::ffff:)?127\./i.test(peer);

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
