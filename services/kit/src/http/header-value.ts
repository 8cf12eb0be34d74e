/** All that may stand in a header's value as it is: visible ASCII and blanks (RFC 9110 §5.5). */
const foreign = /[^\x20-\x7e]/u;

/**
 * `text` as the value of a header, the same for every text that can be one. Everything else is percent-encoded as UTF-8, which is
 * what an address needs and what ends no header: a line break, text outside ASCII, half a character.
 */
export function headerValue(text: string): string {
  if (!foreign.test(text)) return text;
  return [...text.toWellFormed()].map((sign) => (foreign.test(sign) ? encodeSign(sign) : sign)).join("");
}

const encodeSign = (sign: string): string =>
  Array.from(new TextEncoder().encode(sign), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");

/** Headers whose values may come from outside; those that are undefined or empty are left out. */
export function headersOf(
  values: Readonly<Record<string, string | undefined>>,
  cookies: readonly string[] = [],
): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(values)) if (value) headers.set(name, headerValue(value));
  for (const cookie of cookies) headers.append("set-cookie", headerValue(cookie));
  return headers;
}
