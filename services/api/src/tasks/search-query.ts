import { withPlainJoiners } from "./fold-text.ts";
import { type Piece, pairsOf, piecesOf, quoted } from "./search-text.ts";

/** One term of a search: as text for `::tsquery`, and its pieces, to hold against a tag's name. */
export type SearchTerm = { query: string; pieces: Piece[]; isNegated: boolean; isOpen: boolean };

/** Any of the alternatives, of which all terms hold. */
export type Search = SearchTerm[][];

/**
 * A caller's search, or null when it has nothing to search for.
 *
 * Parts the terms as `websearch_to_tsquery` does (quotes, `-word`, `or`; PostgreSQL manual, 12.3.2) and makes every bare word find prefixes
 * too: a search runs while its words are typed. Words between quotes and after `-` are meant as they are.
 */
export function searchOf(search: string): Search | null {
  const alternatives: Search = [[]];
  for (const term of termsOf(plain(search))) {
    if (term === "or") {
      alternatives.push([]);
      continue;
    }
    const pieces = piecesOf(term.text);
    if (pieces.length === 0) continue;
    const isOpen = !term.quoted && !term.negated;
    const query = queryOf(pieces, { isOpen, isPhrase: term.quoted });
    alternatives.at(-1)?.push({ query, pieces, isNegated: term.negated, isOpen });
  }
  const found = alternatives.filter((terms) => terms.length > 0);
  return found.length > 0 ? found : null;
}

/** All of the search as one text for `::tsquery`. */
export const tsqueryOf = (search: Search): string =>
  search
    .map((terms) => terms.map(({ query, isNegated }) => (isNegated ? `!(${query})` : `(${query})`)).join(" & "))
    .join(" | ");

/** A letter and the sign behind it that may join it to the next. */
const joined = /[\p{L}\p{M}\p{N}](?:[^\p{ASCII}]|")(?=(?<next>[\p{L}\p{N}]))/gu;

/** Typographic quotes and dashes part words; letters, marks, digits and pictures stay. */
const plain = (search: string): string =>
  search
    .replace(joined, (pair, next: string) => withPlainJoiners(pair + next).slice(0, -next.length))
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{ASCII}\p{L}\p{M}\p{N}\p{Extended_Pictographic}\p{RI}]/gu, (sign) =>
      /\p{Default_Ignorable_Code_Point}/u.test(sign) && sign !== "\u200b" ? sign : " ",
    );

type Term = { text: string; quoted: boolean; negated: boolean } | "or";

/** What only parts two terms. */
const gap = /[\s!&|()<:]*/y;
/** Only between two terms: elsewhere it is a word like any other. */
const or = /or(?=[^-\w\p{L}\p{M}\p{N}]\s*\S)/uy;
/** An unclosed quote runs to the end; a dash that touches no word is a separator. */
const operandOf = /(-*)(?!-)(?:"([^"]*)(?:"|$)|([a-z][a-z0-9+.-]*:\/\/[^\s"]+|[^\s!&|()<:"]+))|-+/y;

function termsOf(text: string): Term[] {
  const terms: Term[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at = pattern.lastIndex;
    return match;
  };
  while (at < text.length) {
    take(gap);
    const last = terms.at(-1);
    if (last !== undefined && last !== "or" && take(or)) {
      terms.push("or");
      continue;
    }
    const [, minus = "", phrase, word] = take(operandOf) ?? [];
    if (phrase === undefined && word === undefined) continue;
    terms.push({ text: phrase ?? word ?? "", quoted: phrase !== undefined, negated: minus.length % 2 === 1 });
  }
  return terms;
}

type Manner = { isOpen: boolean; isPhrase: boolean };

/** Words that are written as one or in parts: each doubles the alternatives. */
const maxAlternatives = 8;

/** Words in their order; beside a stretch without blanks or a picture, all of the pieces in any. */
function queryOf(pieces: readonly Piece[], { isOpen, isPhrase }: Manner): string {
  const areWords = pieces.every(({ kind }) => kind === "word");
  let alternatives: Piece[][] = [[]];
  for (const piece of pieces) {
    const isBoth = piece.parts && alternatives.length * 2 <= maxAlternatives;
    const parts = (piece.parts ?? [piece.text]).map((text) => ({ ...piece, text }));
    alternatives = [parts, ...(isBoth ? [[piece]] : [])].flatMap((ways) =>
      alternatives.map((before) => [...before, ...ways]),
    );
  }
  const queries = alternatives.map((ways) =>
    ways
      .map((piece, at) => pieceQuery(piece, { isOpen: isOpen && at === ways.length - 1, isPhrase }))
      .join(areWords ? " <-> " : " & "),
  );
  return queries.length === 1 ? queries.join() : queries.map((query) => `(${query})`).join(" | ");
}

function pieceQuery({ kind, text }: Piece, { isOpen, isPhrase }: Manner): string {
  if (kind !== "run") return `${quoted(text)}${isOpen && kind === "word" ? ":*" : ""}`;
  const pairs = pairsOf(text);
  const [only, ...others] = pairs;
  // A single character begins a pair, or ends the stretch.
  if (only !== undefined && others.length === 0) return `${quoted(only)}:*`;
  // The last pair's own end is no end of a stretch.
  return `(${pairs
    .slice(0, -1)
    .map(quoted)
    .join(isPhrase ? " <-> " : " & ")})`;
}

/** True when a tag of this name is what the term names: each piece is in it, the last word of a bare term perhaps as a prefix. */
export function namesTag({ pieces, isOpen }: SearchTerm, name: string): boolean {
  const worn = piecesOf(name);
  const isWorn = ({ kind, text }: Piece, isLast: boolean): boolean =>
    worn.some((other) => {
      if (kind !== other.kind) return false;
      if (kind === "run") return other.text.includes(text);
      return [other.text, ...(other.parts ?? [])].some((one) =>
        isOpen && isLast ? one.startsWith(text) : one === text,
      );
    });
  return pieces.every((piece, at) => {
    const isLast = at === pieces.length - 1;
    const { parts } = piece;
    return (
      isWorn(piece, isLast) ||
      parts?.every((text, part) => isWorn({ kind: "word", text }, isLast && part === parts.length - 1)) === true
    );
  });
}
