import type { Text, Token } from "./text.ts";

export type Span = { start: number; end: number };

/**
 * The marks that only parted what was understood from the rest: commas and dots behind or before a piece, a word such as "and" between two.
 * `pieces` are in the order of the text.
 */
export function looseMarks({ norm, tokens }: Text, pieces: readonly Span[], and: ReadonlySet<string>): Span[] {
  const loose: Span[] = [];
  const isPiece = (at: number): boolean => pieces.some(({ start, end }) => at >= start && at < end);
  const gaps = gapsOf(norm, pieces);
  for (const { start, end, first, last } of gaps) {
    const between = tokens.filter((token) => token.start >= start && token.end <= end);
    const inner = !first && !last;
    if (between.every(({ kind, word }) => kind === "mark" || (inner && and.has(word))) && between.length > 0) {
      if (!(first && last) && between.every(({ word }) => word.length > 1 || parting.test(word))) {
        loose.push(...between.map((token) => ({ start: token.start, end: token.end })));
        continue;
      }
    }
    const isDash = ({ word, end: after }: Token): boolean => word === "-" && norm[after] === " ";
    if (!first) for (const token of between) if (!take(isDash(token) ? ":" : token.word, behind, token, loose)) break;
    if (!last) for (const token of [...between].reverse()) if (!take(token.word, ahead, token, loose)) break;
  }
  return [...new Map(loose.filter(({ start }) => !isPiece(start)).map((span) => [span.start, span])).values()];
}

const parting = /^[,;:.!?()[\]&+/-]$/;
const behind = /^[,;:.!?)\]]$/;
const ahead = /^[,;:([-]$/;

function take(word: string, marks: RegExp, token: Span, loose: Span[]): boolean {
  if (!marks.test(word)) return false;
  loose.push({ start: token.start, end: token.end });
  return true;
}

function gapsOf(norm: string, pieces: readonly Span[]): (Span & { first: boolean; last: boolean })[] {
  if (pieces.length === 0) return [];
  const edges = [0, ...pieces.flatMap(({ start, end }) => [start, end]), norm.length];
  const gaps: (Span & { first: boolean; last: boolean })[] = [];
  for (let at = 0; at < edges.length; at += 2) {
    const [start = 0, end = 0] = [edges[at], edges[at + 1]];
    if (end > start) gaps.push({ start, end, first: at === 0, last: at === edges.length - 2 });
  }
  return gaps;
}

/** What is left without the pieces: each stretch trimmed, line ends and tabs as blanks. */
export function titleOf({ points, norm }: Text, pieces: readonly Span[]): string {
  const words: string[] = [];
  let from = 0;
  let glued = "";
  for (const { start, end } of [...pieces, { start: points.length, end: points.length }]) {
    const stretch = points
      .slice(from, start)
      .join("")
      .replace(/[\n\r\t\f\v\u2028\u2029]+/g, " ");
    const isGlued = from > 0 && norm[from] !== " " && norm[from - 1] !== " ";
    if (stretch.trim() !== "") {
      if (isGlued && /\S$/.test(glued)) words.push(`${words.pop() ?? ""}${stretch.trim()}`);
      else words.push(stretch.trim());
    }
    if (start > from) glued = stretch;
    from = end;
  }
  return words.join(" ");
}
