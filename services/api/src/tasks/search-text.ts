import { foldText, joiners } from "./fold-text.ts";

/**
 * A piece of a text as the search finds it: a word, a stretch of a script without blanks, or a picture. A word that an apostrophe or a
 * hyphen runs through (`O'Brien`, `e-mail`) is found as one and by its parts.
 */
export type Piece = { kind: "word" | "run" | "picture"; text: string; parts?: string[] };

/** Scripts whose texts have no blanks between words. */
const unspaced = String.raw`[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tale}\p{sc=Talu}\p{sc=Lana}\p{sc=Java}\p{sc=Bali}]`;
const letters = String.raw`[\p{L}\p{M}\p{N}]`;
const plainWord = `[${letters}--${unspaced}]+`;
const pieces = new RegExp(
  String.raw`(?<picture>\p{RI}{2}|\p{Extended_Pictographic})|(?<run>[${letters}&&${unspaced}]+)|(?<word>${plainWord}(?:[${joiners}]${plainWord})*)`,
  "gv",
);
const anyJoiner = new RegExp(`[${joiners}]`, "v");

/** PostgreSQL's lexemes have at most 2 046 bytes. */
const maxWordChars = 500;

/** Parts of a word that is also found as one; a longer chain is an address or a number, not a word. */
const maxParts = 8;

/** The pieces of a text, in order. Everything else, `/ _ . < @` among it, only parts them. */
export const piecesOf = (text: string): Piece[] =>
  [...foldText(text).matchAll(pieces)].flatMap(({ groups = {} }): Piece[] => {
    const { picture, run, word = "" } = groups;
    if (picture !== undefined) return [{ kind: "picture", text: picture }];
    if (run !== undefined) return [{ kind: "run", text: run }];
    const parts = word.split(anyJoiner).map(short);
    if (parts.length > 1 && parts.length <= maxParts) return [{ kind: "word", text: short(parts.join("")), parts }];
    return parts.map((part) => ({ kind: "word", text: part }));
  });

const short = (word: string): string => (word.length > maxWordChars ? [...word].slice(0, maxWordChars).join("") : word);

/** Each two neighbours of a stretch without blanks, and its last character: any part of it is found by its own pairs. */
export function pairsOf(run: string): string[] {
  const chars = [...run];
  return chars.map((char, at) => char + (chars[at + 1] ?? ""));
}

/** A lexeme as PostgreSQL reads it in the text of a `tsvector` or a `tsquery`. */
export const quoted = (lexeme: string): string => `'${lexeme.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;

/** PostgreSQL's last position in a text; later positions cannot be distinguished. */
const maxPosition = 16_383;

/** What a task is found by, as text for `::tsvector`: the title weighs more (A) than the description (B). */
export function searchVector(title: string, description: string): string {
  const entries: string[] = [];
  let position = 0;
  for (const [text, weight] of [
    [title, "A"],
    [description, "B"],
  ] as const)
    for (const piece of piecesOf(text)) {
      const at = lexemesOf(piece).map((lexeme) => [lexeme, ++position] as const);
      // As one it is at the place of its first and of its last part, so that phrases find it from both sides.
      if (piece.parts) at.push([piece.text, position - piece.parts.length + 1], [piece.text, position]);
      for (const [lexeme, place] of at) entries.push(`${quoted(lexeme)}:${Math.min(place, maxPosition)}${weight}`);
    }
  return entries.join(" ");
}

const lexemesOf = ({ kind, text, parts }: Piece): string[] => (kind === "run" ? pairsOf(text) : (parts ?? [text]));

/** The way of parting texts that `searchVector` has now; rows of an earlier one are parted again. */
export const searchEdition = 2;
