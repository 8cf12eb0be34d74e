/** Deeper JSON is never a change of ours; the limit protects the stack. */
const maxDepth = 64;

/** A value that has no canonical JSON, or none that PostgreSQL can hold. */
export class NotCanonical extends Error {
  override readonly name = "NotCanonical";
}

/**
 * The one JSON text of a value (RFC 8785): no blanks, members sorted by UTF-16 code units, numbers and
 * strings as ECMAScript writes them. Equal values have equal texts, whatever order their members
 * had.
 * @throws NotCanonical for what JSON cannot express (undefined, NaN, functions), lone surrogates
 * (RFC 8785 §3.2.2.2), NUL, which `jsonb` cannot hold, and more than 64 levels.
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (depth > maxDepth) throw new NotCanonical(`nested deeper than ${maxDepth} levels`);
  if (value === null || value === true || value === false) return String(value);
  if (typeof value === "string") return canonicalText(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new NotCanonical("a number that is not finite");
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item, depth + 1)).join(",")}]`;
  if (typeof value === "object") {
    const members = Object.entries(value).sort(byName);
    return `{${members.map(([name, member]) => `${canonicalText(name)}:${canonicalJson(member, depth + 1)}`).join(",")}}`;
  }
  throw new NotCanonical(`a value of type ${typeof value}`);
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);

function canonicalText(text: string): string {
  if (!text.isWellFormed()) throw new NotCanonical("half a character (a lone surrogate)");
  if (text.includes("\0")) throw new NotCanonical("a NUL character");
  return JSON.stringify(text);
}
