/**
 * `text` as PostgreSQL and a log accept it: no NUL, no other control characters, no lone surrogates,
 * at most 500 units.
 */
export const cleanReason = (text: string): string =>
  text
    .replace(/\p{Cc}+/gu, " ")
    .slice(0, 500)
    .toWellFormed();
