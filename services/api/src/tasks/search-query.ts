import { searchText } from "./search-text.ts";

/**
 * A person's search as text for PostgreSQL's `to_tsquery('simple', …)`, or null when nothing in it can be searched for.
 *
 * Parts the words as `websearch_to_tsquery` does (quotes, `-word`, `or`; PostgreSQL manual, 12.3.2) and makes every bare word find
 * prefixes too: people look while they still type. Words between quotes and after `-` are meant as they stand. Unlike there, an address with
 * `://` in it stays one word, or pasting one would find nothing.
 */
export function searchQuery(search: string): string | null {
  const alternatives: string[][] = [[]];
  for (const term of termsOf(searchText(search))) {
    if (term === "or") alternatives.push([]);
    else if (isSearchable(term.text)) alternatives.at(-1)?.push(operand(term));
  }
  const query = alternatives.filter((terms) => terms.length > 0).map((terms) => terms.join(" & "));
  return query.length > 0 ? query.join(" | ") : null;
}

type Term = { text: string; quoted: boolean; negated: boolean } | "or";

/** What stands between two terms and says nothing. */
const gap = /[\s!&|()<:]*/y;
/** Only between two terms: elsewhere it is a word like any other. */
const or = /or(?=[^-\w\p{L}\p{M}\p{N}]\s*\S)/uy;
/** A quote that is never closed runs to the end; a dash that touches no word is one. */
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

const isSearchable = (text: string): boolean => /[\p{L}\p{N}\p{M}]/u.test(text);

function operand({ text, quoted, negated }: Exclude<Term, "or">): string {
  // Within to_tsquery's quotes only the quote and the backslash mean anything.
  const literal = `'${text.replace(/\\/g, "\\\\").replace(/'/g, "''")}'`;
  return `${negated ? "!" : ""}${literal}${quoted || negated ? "" : ":*"}`;
}
