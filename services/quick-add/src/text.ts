import { foldWord } from "./fold.ts";

/**
 * A run of letters, a run of digits, or one mark. `word` is folded: small letters, `ä` as `ae`, no accents; an opaque token (an address, a
 * quoted word) has none and matches nothing.
 */
export type Token = {
  start: number;
  end: number;
  kind: "word" | "number" | "mark" | "opaque";
  word: string;
  capital: boolean;
};

/** The text as its code points; `norm` has one UTF-16 unit for each of them, so that offsets in both are equal. */
export type Text = {
  points: readonly string[];
  norm: string;
  tokens: readonly Token[];
  /** Quoted text or text after a backslash, and its surrounding marks, of one code point each. */
  quotes: readonly Quotation[];
  /** The text is all upper-case, so that capitals carry no information. */
  shouting: boolean;
};

export type Quotation = { kept: Range; marks: readonly Range[] };

export function readText(source: string): Text {
  const points = Array.from(source);
  const norm = points.map(normalPoint).join("");
  const quotes = quotations(points, norm);
  const tokens = readTokens(points, norm, [...quotes.map(({ kept }) => kept), ...opaqueChunks(norm)]);
  const letters = points.filter((point) => /\p{L}/u.test(point));
  const shouting = letters.length > 1 && letters.every((letter) => letter !== letter.toLowerCase());
  return { points, norm, tokens, quotes, shouting };
}

const marks: Record<string, string> = { "’": "'", "‘": "'", "–": "-", "—": "-", "‑": "-", "‐": "-", "−": "-" };

/** Full-width forms as their plain ones, any blank as a space, small letters; what needs two units becomes a stand-in. */
function normalPoint(point: string): string {
  if (point >= "!" && point <= "~") return point.toLowerCase();
  if (/\s/u.test(point)) return " ";
  const plain = marks[point] ?? point.normalize("NFKC").toLowerCase();
  if (plain.length === 1) return plain;
  return point.length === 1 ? point : "\ufffc";
}

type Range = { start: number; end: number };

/** Which mark closes a quotation, by the one that opens it. */
const closing: Record<string, readonly string[]> = {
  '"': ['"'],
  "“": ["”"],
  "„": ["“", "”"],
  "«": ["»"],
  "»": ["«"],
  "＂": ["＂"],
};

const isOpen = (norm: string, at: number): boolean => at === 0 || /[\s([{,;:/\-\ufffc]/.test(norm[at - 1] ?? "");
const isShut = (norm: string, at: number): boolean =>
  at >= norm.length || /[\s)\]},;:.!?/\-\ufffc]/.test(norm[at] ?? "");

/** Quoted words, and the one after a backslash: never interpreted. */
function quotations(points: readonly string[], norm: string): Quotation[] {
  const quotes: Quotation[] = [];
  const mark = (at: number): Range => ({ start: at, end: at + 1 });
  for (let at = 0; at < points.length; at++) {
    const ends = closing[points[at] ?? ""];
    if (ends !== undefined && isOpen(norm, at)) {
      const close = closeOf(points, norm, at, ends);
      if (close === -1) continue;
      quotes.push({ kept: { start: at + 1, end: close }, marks: [mark(at), mark(close)] });
      at = close;
    } else if (norm[at] === "\\" && /[\s(]/.test(norm[at - 1] ?? " ") && /\S/.test(norm[at + 1] ?? " ")) {
      const end = chunkEnd(norm, at);
      quotes.push({ kept: { start: at + 1, end }, marks: [mark(at)] });
      at = end - 1;
    }
  }
  return quotes;
}

function closeOf(points: readonly string[], norm: string, open: number, ends: readonly string[]): number {
  for (let at = open + 2; at < points.length; at++) {
    if (ends.includes(points[at] ?? "") && isShut(norm, at + 1)) return at;
  }
  return -1;
}

function chunkEnd(norm: string, from: number): number {
  const blank = norm.indexOf(" ", from);
  return blank === -1 ? norm.length : blank;
}

/** Addresses, versions and handles: dates or tags inside them are ignored. */
function opaqueChunks(norm: string): Range[] {
  const found: Range[] = [];
  for (const { 0: chunk, index } of norm.matchAll(/\S+/g)) {
    if (opaque.some((shape) => shape.test(chunk))) found.push({ start: index, end: index + chunk.length });
  }
  return found;
}

const opaque = [
  /^[("'<]?[a-z][a-z0-9+.-]*:\/\//,
  /^[("'<]?(www\.|mailto:)/,
  /^[^\s@]+@[^\s@]+\.[^\s@]/,
  /^v\d+(\.\d+)+/,
  /^\d+\.\d+\.\d+\.\d+/,
];

function readTokens(points: readonly string[], norm: string, kept: readonly Range[]): Token[] {
  const tokens: Token[] = [];
  const opaqueEnd = new Map(kept.map(({ start, end }) => [start, end]));
  for (let start = 0; start < norm.length; ) {
    const skipTo = opaqueEnd.get(start);
    if (skipTo !== undefined && skipTo > start) {
      tokens.push({ start, end: skipTo, kind: "opaque", word: "", capital: false });
      start = skipTo;
      continue;
    }
    const kind = kindOf(norm[start] ?? " ");
    if (kind === null) {
      start++;
      continue;
    }
    let end = start + 1;
    if (kind !== "mark") while (end < norm.length && kindOf(norm[end] ?? " ", kind) === kind) end++;
    const slice = norm.slice(start, end);
    const first = points[start] ?? "";
    const capital = kind === "word" && first !== first.toLowerCase();
    tokens.push({ start, end, kind, word: kind === "word" ? foldWord(slice) : slice, capital });
    start = end;
  }
  return tokens;
}

/** Marks that join letters (accents, direction marks) belong to their word; alone they count as a blank. */
function kindOf(unit: string, within?: "word" | "number"): "word" | "number" | "mark" | null {
  if (unit >= "a" && unit <= "z") return "word";
  if (unit >= "0" && unit <= "9") return "number";
  if (unit === " ") return null;
  if (/[\p{M}\p{Cf}]/u.test(unit)) return within === "word" ? "word" : null;
  return /[\p{L}\p{N}]/u.test(unit) ? "word" : "mark";
}
