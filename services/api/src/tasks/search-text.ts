/**
 * A text as the full-text parser should see it: compatibility forms unified (NFKC), lower case, invisible characters gone, and beyond
 * ASCII nothing but letters, marks and digits. Which of those characters part words is otherwise up to the database's locale: under "C", a
 * word in typographic quotes or beside a dash could not be found. Used for what is indexed and for what is asked.
 */
export const searchText = (text: string): string =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll("\u200b", " ")
    .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .replace(/[^\p{ASCII}\p{L}\p{M}\p{N}]/gu, " ");
