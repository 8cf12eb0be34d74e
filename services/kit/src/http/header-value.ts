/** The characters of a plain header value: visible ASCII and blanks (RFC 9110 §5.5). */
const foreign = /[^\x20-\x7e]/u;

/**
 * `text` as the value of a header, unchanged where possible. Everything else is percent-encoded as
 * UTF-8, which addresses need and which cannot end a header: line breaks, text outside ASCII, lone
 * surrogates.
 */
export function headerValue(text: string): string {
  if (!foreign.test(text)) return text;
  return [...text.toWellFormed()].map((sign) => (foreign.test(sign) ? encodeSign(sign) : sign)).join("");
}

const encodeSign = (sign: string): string =>
  Array.from(new TextEncoder().encode(sign), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");

/** Headers whose values may come from outside; undefined and empty ones are left out. */
export function headersOf(
  values: Readonly<Record<string, string | undefined>>,
  cookies: readonly string[] = [],
): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(values)) if (value) headers.set(name, headerValue(value));
  for (const cookie of cookies) headers.append("set-cookie", headerValue(cookie));
  return headers;
}
