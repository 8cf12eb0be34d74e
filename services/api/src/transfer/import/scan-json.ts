/** Maximum nesting and lists of a file's JSON: ours has 6 levels, and a file of 10 MiB some 100 000 lists. */
const [maxDepth, maxLists] = [40, 1_000_000];

/** Why this JSON would cost more than any task list is worth, seen before it is parsed; null when it would not. */
export function explainSize(bytes: Uint8Array): string | null {
  let [depth, lists, inText] = [0, 0, false];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (inText) {
      if (byte === 0x5c) at++;
      else if (byte === 0x22) inText = false;
    } else if (byte === 0x22) inText = true;
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > maxDepth) return `is nested deeper than ${maxDepth} levels`;
      if (++lists > maxLists) return `holds more than ${maxLists} lists and objects`;
    } else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return null;
}
