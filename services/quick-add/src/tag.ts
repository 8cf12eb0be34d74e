import type { Meaning } from "./meaning/meaning.ts";
import { lookTo, type Reading } from "./reading.ts";

const shape = /#((?:[\p{L}\p{M}\p{N}_\ufffc-]|\p{Extended_Pictographic}|\p{Cf})+)/uy;

/** The tag at this token, if any: `#` and a name with at least one letter or emoji, so that "#42" is none. */
export function readTag(reading: Reading, at: number): { next: number; meaning: Meaning } | null {
  const { norm, points, tokens } = reading.text;
  const token = tokens[at];
  if (token?.word !== "#") return null;
  shape.lastIndex = token.start;
  const name = shape.exec(norm)?.[1] ?? "";
  lookTo(reading, token.start + name.length + 2);
  const found = name.replace(/-+$/, "");
  if (found.length > 100 || !/[\p{L}\ufffc]|(?![\d#])\p{Extended_Pictographic}/u.test(found)) return null;
  const end = token.start + 1 + found.length;
  let next = at;
  for (let inside = tokens[next]; inside !== undefined && inside.end <= end; inside = tokens[next]) next++;
  return { next, meaning: { kind: "tag", name: points.slice(token.start + 1, end).join("") } };
}
