import { isIP } from "node:net";
import { contextOf } from "@carillon/kit/service";

/** Networks where proxies live (RFC 1918, RFC 4193, loopback, link-local, carrier-grade NAT). */
const privateAddress =
  /^(::ffff:)?(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)|^(::1$|f[cd]|fe[89ab])/i;

/**
 * The network address a browser asks from, empty inside the process. Anybody can write `X-Forwarded-For`: only its last entry counts, the
 * one the nearest proxy added, and only from where proxies live.
 */
export function clientAddress(request: Request): string {
  const peer = contextOf(request).peer();
  const named = request.headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "";
  if (isIP(named) !== 0 && (peer === null || privateAddress.test(peer))) return named;
  return peer ?? "";
}
