/**
 * The first name that an object in this valid JSON has twice, or null. Readers differ in which of the two counts (RFC 8259 §4), so
 * what one of them checked is not what another one takes.
 */
export function repeatedName(json: string): string | null {
  /** The names of each object that is open here; null for an array. */
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < json.length; at++) {
    const sign = json[at];
    if (sign === "{") open.push(new Set());
    else if (sign === "[") open.push(null);
    else if (sign === "}" || sign === "]") open.pop();
    else if (sign === '"') {
      const end = endOfString(json, at);
      const names = open.at(-1);
      if (names && isName(json, end)) {
        const name: string = JSON.parse(json.slice(at, end));
        if (names.has(name)) return name;
        names.add(name);
      }
      at = end - 1;
    }
  }
  return null;
}

/** The index behind the string that begins at `start`. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === "\\" ? 2 : 1;
  return at + 1;
}

function isName(json: string, end: number): boolean {
  let at = end;
  while (" \t\r\n".includes(json[at] ?? "x")) at++;
  return json[at] === ":";
}
