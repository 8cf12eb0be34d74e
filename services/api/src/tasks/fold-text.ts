/** Marks of Latin, Greek, Cyrillic, Hebrew and Arabic, which readers leave out, and the tatweel. Elsewhere marks are vowels. */
const marks = [
  String.raw`\u0300-\u036f`,
  String.raw`\u0483-\u0487`,
  String.raw`\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7`,
  String.raw`\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed`,
  String.raw`\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f`,
];
const accents = new RegExp(`[${marks.join("")}]`, "g");

/**
 * Letters that no decomposition brings to the ones readers type instead. Of Arabic, Persian and Urdu as Lucene's normalizers of these
 * languages have it.
 */
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
  "\u0649": "\u064a", // alef maksura
  "\u06cc": "\u064a", // Farsi yeh
  "\u06d2": "\u064a", // yeh barree
  "\u06a9": "\u0643", // keheh
  "\u06aa": "\u0643", // swash kaf
  "\u0629": "\u0647", // teh marbuta
  "\u06be": "\u0647", // heh doachashmee
  "\u06c1": "\u0647", // heh goal
  "\u06c3": "\u0647", // teh marbuta goal
  "\u06d5": "\u0647", // ae
  "\u0671": "\u0627", // alef wasla
};
const alikeLetters = new RegExp(`[${Object.keys(alike).join("")}]`, "g");

/** What writers and keyboards use for an apostrophe: quotes, primes, spacing accents, letters that look like one, geresh. */
const apostrophes =
  /['`\u00b4\u02b9-\u02bf\u02c8\u02ca\u02cb\u055a\u05f3\u05f4\u07f4\u07f5\u1fbd\u1fbf\u1ffd\u2018-\u201b\u2032\u2035\ua78b\ua78c\uff07]/g;
/** The quote that keyboards have for gershayim. */
const gershayim = /(?<=\p{sc=Hebr})"(?=\p{sc=Hebr})/gu;
/** Hyphens, maqaf, and the middle dot of Catalan; dashes only part words. */
const hyphens = /[-\u058a\u05be\u2010\u2011\u00b7\u2027\ufe63\uff0d]/g;

/** Characters that hold the parts of a word together, as a class of a `v` expression; in a folded text there are no others. */
export const joiners = String.raw`'\-`;

/** The text with one apostrophe and one hyphen for all that look so: neither is a letter. */
export const withPlainJoiners = (text: string): string =>
  text.replace(gershayim, "'").replace(apostrophes, "'").replace(hyphens, "-");

/** Digits of any script as those of ASCII; a script's ten have neighbouring code points (Unicode, 4.6). */
const withPlainDigits = (text: string): string =>
  text.replace(/[\p{Nd}--[0-9]]/gv, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    let zero = code;
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
    return String((code - zero) % 10);
  });

/** The text without regard to case, accents and compatibility forms; equal for what a reader would type for the same word. */
export const foldText = (text: string): string =>
  /^\p{ASCII}*$/u.test(text) ? withPlainJoiners(text).toLowerCase() : foldLetters(text);

const foldLetters = (text: string): string =>
  withPlainDigits(
    // Before, as spacing accents decompose to a blank; and after, as some letters decompose to an apostrophe.
    withPlainJoiners(withPlainJoiners(text).normalize("NFKD"))
      .replaceAll("\u200b", " ")
      .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
      .replace(accents, "")
      .normalize("NFC")
      .toLowerCase()
      .replace(accents, "")
      .replace(alikeLetters, (letter) => alike[letter] ?? letter),
  );
