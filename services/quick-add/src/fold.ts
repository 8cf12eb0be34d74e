/** A word as the tables are keyed: composed, small, `ä ö ü ß` written out, other accents and invisible marks left off. */
export function foldWord(word: string): string {
  if (/^[a-z]*$/.test(word)) return word;
  return plain(
    word
      .normalize("NFC")
      .toLowerCase()
      .replace(/[äöüß]/g, (letter) => writtenOut[letter] ?? letter),
  );
}

const writtenOut: Record<string, string> = { ä: "ae", ö: "oe", ü: "ue", ß: "ss" };

const plain = (word: string): string => word.normalize("NFD").replace(/[\p{M}\p{Cf}]/gu, "");

/** The spellings a table's word is found under: `für` as `fuer` and, as it is often typed, `fur`. */
export const spellingsOf = (word: string): string[] => [...new Set([foldWord(word), plain(word.toLowerCase())])];
