import mostUsedPasswords from "./most-used-passwords.txt" with { type: "text" };

const mostUsed = new Set(mostUsedPasswords.trimEnd().split("\n"));

const productName = "carillon";

/**
 * Why this password is easy to guess, as a sentence without its subject; null when no reason is known.
 * Digits and punctuation around the product's name or the account's own address do not make it
 * better.
 */
export function weaknessOf(password: string, { email }: { email: string }): string | null {
  const folded = fold(password);
  if (mostUsed.has(folded)) return "is one of the most used passwords; choose another one";
  if (isRepetition([...folded])) return "repeats the same few characters; choose another one";
  if (isOnly(folded, productName)) return "must not be the name of this product; choose another one";
  const address = fold(email.trim());
  const [local = ""] = address.split("@");
  if (isOnly(folded, address) || isOnly(folded, local))
    return "must not be your own e-mail address; choose another one";
  return null;
}

/** Variants in case, width and composition are tried along with every guess. */
const fold = (text: string): string => text.normalize("NFKC").toLowerCase();

/** True for a repetition of one to three characters, as in `aaaaaaaa` or `abcabcab`. */
const isRepetition = (characters: readonly string[]): boolean =>
  [1, 2, 3].some((size) => characters.every((character, at) => character === characters[at % size]));

/** True when only digits, punctuation and blanks surround `word` or its repetitions. */
function isOnly(password: string, word: string): boolean {
  if (password === word) return true;
  const letters = lettersOf(word);
  const rest = lettersOf(password);
  return letters !== "" && rest !== "" && rest.replaceAll(letters, "") === "";
}

const lettersOf = (text: string): string => text.replace(/[^\p{L}\p{M}]/gu, "");
