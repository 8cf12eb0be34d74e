import { Problem } from "@carillon/kit/service";

/**
 * On every answer of web. Scripts and styles come from our own files only, so text that slipped through as markup could still not
 * run. `same-origin` instead of `no-referrer`: with the latter browsers send `Origin: null` on our own forms.
 */
export const securityHeaders: Record<string, string> = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** For answers that were not made by `respond` (health, problems): adds what is missing. */
export function addSecurityHeaders(response: Response): void {
  for (const [name, value] of Object.entries(securityHeaders))
    if (!response.headers.has(name)) response.headers.set(name, value);
}

const safeMethods = ["GET", "HEAD", "OPTIONS"];

/** Mail programs post here, from nowhere (RFC 8058). It reads no cookie: its token alone says what it may do. */
const openToAll = /^\/unsubscribe\/[^/]+$/;

/**
 * Refuses a changing request that was started by another site. Browsers say so in `Sec-Fetch-Site`; where that is missing (plain
 * http on a local network) `Origin` must name the host that was asked or `publicUrl`. A request with neither is no form of ours.
 *
 * @throws Problem "forbidden".
 */
export function refuseForeign(request: Request, publicUrl: URL): void {
  if (safeMethods.includes(request.method) || openToAll.test(new URL(request.url).pathname)) return;
  const site = request.headers.get("sec-fetch-site");
  if (site !== null ? site === "same-origin" || site === "none" : isOwnOrigin(request, publicUrl)) return;
  throw new Problem(
    "forbidden",
    "This form was sent from another site, so nothing was done. Open the page here and try again.",
  );
}

function isOwnOrigin(request: Request, publicUrl: URL): boolean {
  const origin = request.headers.get("origin");
  if (origin === null || !URL.canParse(origin)) return false;
  return origin === publicUrl.origin || new URL(origin).host === request.headers.get("host");
}
