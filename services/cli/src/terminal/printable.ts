/**
 * Everything that would move a terminal's cursor, colour its text, end its line or reorder it: controls of both sets, the line separators of
 * Unicode, and the marks that turn the direction of text.
 */
const unprintable = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
const escaped = (mark: string): string => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** Text from outside, as one line of a terminal: what would act on it is shown instead. */
export const printable = (text: string): string => text.replace(unprintable, escaped);

/** JSON whose characters a terminal only shows; what it means stays the same. */
export const printableJson = (value: unknown): string =>
  (JSON.stringify(value, null, 2) ?? "null").split("\n").map(printable).join("\n");

/** The same on one line. */
export const printableLine = (value: unknown): string => printable(JSON.stringify(value) ?? "null");
