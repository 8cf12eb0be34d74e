import { words } from "./words.ts";

export type Found = { line: number; word: string; say: string };

/** Every listed word in `text`, with its line, in the order of the text. */
export function findWords(text: string): Found[] {
  return text
    .split("\n")
    .flatMap((content, index) =>
      words.flatMap(({ word, say }) =>
        [...content.matchAll(word)].map(([match]) => ({ line: index + 1, word: match, say })),
      ),
    );
}
