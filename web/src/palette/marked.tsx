import { Html } from "../ui/html.ts";

/** The text with every place marked that begins with a searched word. Accents and case do not matter. */
export const Marked = ({ text, words }: { text: string; words: string }) => (
  <>
    {piecesOf(text, words).map(({ piece, isMarked }) =>
      isMarked ? <mark safe>{piece}</mark> : <span safe>{piece}</span>,
    )}
  </>
);

/** Parts of the text in order, those that a word of `words` found and those between. */
export function piecesOf(text: string, words: string): { piece: string; isMarked: boolean }[] {
  const wanted = words
    .split(/\s+/)
    .map(plain)
    .filter((word) => word !== "");
  const pieces: { piece: string; isMarked: boolean }[] = [];
  let left = text;
  while (left !== "") {
    const [start, length] = first(left, wanted);
    if (start > 0) pieces.push({ piece: left.slice(0, start), isMarked: false });
    if (length === 0) break;
    pieces.push({ piece: left.slice(start, start + length), isMarked: true });
    left = left.slice(start + length);
  }
  return pieces;
}

/** Where the first found word is, and how long; nothing found is length 0 at the end. A letter and its accents stay together. */
function first(text: string, wanted: readonly string[]): [start: number, length: number] {
  for (const { index } of text.matchAll(/(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu)) {
    for (const word of wanted) {
      let length = 0;
      while (plain(text.slice(index, index + length)).length < word.length && index + length < text.length) length++;
      if (plain(text.slice(index, index + length)) === word) return [index, length];
    }
  }
  return [text.length, 0];
}

/** As the search compares words: without accents, case, and what only holds their parts together. */
const plain = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/[\p{M}'`´ʻʼ‘’‐‑-]/gu, "")
    .toLowerCase();
