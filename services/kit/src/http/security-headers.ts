/** The kind of an answer, for its headers: a user's page, or data for a program. */
export type AnswerKind = "page" | "data";

const always: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  // With `no-referrer` browsers would send `Origin: null` on our own forms.
  "referrer-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  // An answer is private unless it says otherwise.
  "cache-control": "no-store",
};

/** Data runs nothing and is never framed. Scripts and styles of a page come from its own files only. */
const policies: Readonly<Record<AnswerKind, string>> = {
  data: "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  page: [
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
};

/** A year: browsers that came by https once do not come by http again (RFC 6797). */
const transport = { "strict-transport-security": "max-age=31536000" };

/** Every header that protects an answer, in the one table of all services. `secure`: users reach the product by https. */
export const securityHeaders = (
  kind: AnswerKind,
  { secure }: { secure: boolean },
): Readonly<Record<string, string>> => ({
  ...always,
  "content-security-policy": policies[kind],
  ...(secure ? transport : {}),
});

/** Adds missing headers to an answer. */
export function addSecurityHeaders(response: Response, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers))
    if (!response.headers.has(name)) response.headers.set(name, value);
}
