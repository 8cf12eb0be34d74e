/** `text` as PostgreSQL and a log take it: no NUL, no other controls, no lone surrogates, at most 500 units. */
export const cleanReason = (text: string): string =>
  text
    .replace(/\p{Cc}+/gu, " ")
    .slice(0, 500)
    .toWellFormed();
