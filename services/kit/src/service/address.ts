/**
 * A host name, an IPv4 or a bracketed IPv6 address, with or without a port (RFC 9110 §7.2); no user,
 * no escapes, no list.
 */
const authority = /^(?:\w(?:[\w.-]{0,252}\w|\.)?\.?|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i;

/**
 * The address a request was sent to, or null without exactly one valid authority. Bun passes on a bare
 * path as the address when `Host` is empty, odd or missing, although its router has already chosen
 * by that path, so nothing may be read from such a request.
 */
export function addressOf(request: Request): URL | null {
  const host = request.headers.get("host");
  // Two headers arrive as a list; calls inside the process have none.
  if (host !== null && !authority.test(host)) return null;
  return request.url.startsWith("http://") && URL.canParse(request.url) ? new URL(request.url) : null;
}
