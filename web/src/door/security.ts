import { Problem } from "@carillon/kit/service";

const safeMethods = ["GET", "HEAD", "OPTIONS"];

/**
 * Mail programs post here, without an origin (RFC 8058). It reads no cookie: its token alone decides
 * what it may do.
 */
const openToAll = /^\/unsubscribe\/[^/]+$/;

/**
 * Rejects a changing request that was started by another site. Browsers say so in `Sec-Fetch-Site`;
 * where that is missing (plain http on a local network) `Origin` must name the requested host or
 * `publicUrl`. A request with neither is not from a form of ours.
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
