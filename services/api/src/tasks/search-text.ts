/** A piece of a text as the search finds it: a word, a stretch of a script without blanks, or a picture. */
export type Piece = { kind: "word" | "run" | "picture"; text: string };

/** Marks of Latin, Greek, Cyrillic, Hebrew and Arabic, which readers leave out, and the tatweel. Elsewhere marks are vowels. */
const marks = [
  String.raw`\u0300-\u036f`,
  String.raw`\u0483-\u0487`,
  String.raw`\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7`,
  String.raw`\u0610-\u061a\u0640\u064b-\u065f\u0670`,
  String.raw`\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f`,
];
const accents = new RegExp(`[${marks.join("")}]`, "g");

/** Letters that no decomposition brings to the ones readers type instead. */
const alike: Record<string, string> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  þ: "th",
  ł: "l",
  ħ: "h",
  ŧ: "t",
  ı: "i",
  ς: "σ",
};
const alikeLetters = new RegExp(`[${Object.keys(alike).join("")}]`, "g");

/** The text without regard to case, accents and compatibility forms; equal for what a reader would type for the same word. */
export const foldText = (text: string): string =>
  text
    .normalize("NFKD")
    .replaceAll("\u200b", " ")
    .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .replace(accents, "")
    .normalize("NFC")
    .toLowerCase()
    .replace(accents, "")
    .replace(alikeLetters, (letter) => alike[letter] ?? letter);

/** Scripts whose texts have no blanks between words. */
const unspaced = String.raw`[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tale}\p{sc=Talu}\p{sc=Lana}\p{sc=Java}\p{sc=Bali}]`;
const letters = String.raw`[\p{L}\p{M}\p{N}]`;
const pieces = new RegExp(
  String.raw`(?<picture>\p{RI}{2}|\p{Extended_Pictographic})|(?<run>[${letters}&&${unspaced}]+)|(?<word>[${letters}--${unspaced}]+)`,
  "gv",
);

/** PostgreSQL's lexemes have at most 2 046 bytes. */
const maxWordChars = 500;

/** The pieces of a text, in order. Everything else, `/ - _ . < @ '` among it, only parts them. */
export const piecesOf = (text: string): Piece[] =>
  [...foldText(text).matchAll(pieces)].map(({ groups = {} }): Piece => {
    const { picture, run, word = "" } = groups;
    if (picture !== undefined) return { kind: "picture", text: picture };
    if (run !== undefined) return { kind: "run", text: run };
    return { kind: "word", text: word.length > maxWordChars ? [...word].slice(0, maxWordChars).join("") : word };
  });

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
    for (const { kind, text: piece } of piecesOf(text))
      for (const lexeme of kind === "run" ? pairsOf(piece) : [piece])
        entries.push(`${quoted(lexeme)}:${Math.min(++position, maxPosition)}${weight}`);
  return entries.join(" ");
}

/** The way of parting texts that `searchVector` has now; rows of an earlier one are parted again. */
export const searchEdition = 1;
