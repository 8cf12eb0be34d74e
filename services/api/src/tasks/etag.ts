import { Problem } from "@carillon/kit/service";

export const etagOf = (version: number): string => `"${version}"`;

/**
 * Lets a request pass only where its conditions hold for the version that is there (RFC 9110 §13.2.2): `If-Match` compares strongly, so
 * a weak tag never matches and what cannot be read certainly does not; an `If-None-Match` that matches stops a write. Null: no conditions.
 * @throws Problem 412
 */
export function requireMatch(request: Request | null, version: number): void {
  if (request === null) return;
  const match = request.headers.get("if-match");
  if (match !== null && !isMatch(match, version)) throw stale(version);
  if (request.method !== "GET" && request.method !== "HEAD" && isKnown(request, version)) throw stale(version);
}

/**
 * True when the client already has this version (RFC 9110 §13.1.2, weak comparison). An unreadable
 * header is no condition.
 */
export function isKnown(request: Request, version: number): boolean {
  const header = request.headers.get("if-none-match");
  if (header === null) return false;
  return header.trim() === "*" || tagsOf(header).some((tag) => tag.replace(/^W\//, "") === etagOf(version));
}

const isMatch = (header: string, version: number): boolean =>
  header.trim() === "*" || tagsOf(header).includes(etagOf(version));

/** The entity tags of a list as RFC 9110 §8.8.3 writes them; none when it is malformed. */
function tagsOf(header: string): string[] {
  const tag = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/;
  const list = new RegExp(`^[ \\t,]*${tag.source}(?:[ \\t]*,[ \\t,]*${tag.source})*[ \\t,]*$`);
  return list.test(header) ? (header.match(new RegExp(tag, "g")) ?? []) : [];
}

const stale = (version: number): Problem =>
  new Problem("stale", `This task is now at version ${version}; read it again, then decide.`, {
    headers: { etag: etagOf(version) },
  });
