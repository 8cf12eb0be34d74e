import { isIP } from "node:net";
import { Problem } from "@carillon/kit/service";
import type { ApiDeps } from "../deps.ts";

/** Names of this machine: no page on another machine can have them resolved to it. */
const local = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Lets a request through that was sent to an address of ours, and by a page of ours if by a page at all. A page elsewhere whose name is
 * made to resolve to this machine (DNS rebinding) still sends its own name, which is neither a number nor one of ours.
 * @throws Problem 403
 */
export function requireOwnAddress({ settings }: ApiDeps, request: Request): void {
  const { hostname } = new URL(request.url);
  const { ownHosts = [] } = settings;
  const isNumber = isIP(hostname.replace(/^\[|\]$/g, "")) !== 0;
  // A name without a dot is given by this network, never bought.
  if (!isNumber && hostname.includes(".") && !ownHosts.includes(hostname)) throw foreign("address");
  const origin = request.headers.get("origin");
  if (origin !== null && !isOwnOrigin(origin, [...local, ...ownHosts])) throw foreign("origin");
}

function isOwnOrigin(origin: string, hosts: readonly string[]): boolean {
  return URL.canParse(origin) && hosts.includes(new URL(origin).hostname);
}

const foreign = (what: string): Problem => new Problem("forbidden", `Requests of this ${what} are not answered here.`);
