import { Kind, type TSchema, Type, TypeRegistry } from "@sinclair/typebox";

/** Lengths are Unicode code points, as JSON Schema counts them; TypeBox's own string counts UTF-16 units. */
export type TextOptions = { min: number; max: number; multiline?: boolean; examples?: string[]; description?: string };

/**
 * Text typed by a user, stored as it was sent, so what would break a line, a page or a log is rejected
 * instead of removed. Control characters (newline and tab are fine where `multiline`), lone
 * surrogates and characters that reorder their neighbours (U+202A–202E, U+2066–2069) are not text;
 * with `min` above 0, neither is blank space alone.
 */
export const Text = ({ min, max, multiline = false, ...notes }: TextOptions) =>
  Type.Unsafe<string>({ [Kind]: "Text", type: "string", minLength: min, maxLength: max, multiline, ...notes });

type TextSchema = TSchema & { minLength: number; maxLength: number; multiline: boolean };

/** What is wrong with `value` as such a text, in words for its author; null when nothing is. */
export function explainText(
  schema: { minLength: number; maxLength: number; multiline: boolean },
  value: unknown,
): string | null {
  if (typeof value !== "string") return "must be text";
  if (!value.isWellFormed()) return "holds half a character (a lone surrogate)";
  if (/[\u202a-\u202e\u2066-\u2069]/.test(value))
    return "holds a character that reorders text (U+202A–202E, U+2066–2069)";
  const visible = schema.multiline ? value.replace(/\r\n|[\n\t]/g, " ") : value;
  if (/\p{Cc}/u.test(visible)) return "holds a control character";
  const length = codePoints(value);
  if (schema.minLength > 0 && blank.test(value)) return "must not be empty";
  if (length < schema.minLength) return `must have at least ${schema.minLength} characters`;
  if (length > schema.maxLength) return `must have at most ${schema.maxLength} characters, and has ${length}`;
  return null;
}

/** Nothing in it is visible: spaces, zero-width and filler characters, the empty Braille cell. */
const blank = /^[\s\p{Z}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

function codePoints(value: string): number {
  let count = 0;
  for (const _ of value) count++;
  return count;
}

TypeRegistry.Set<TextSchema>("Text", (schema, value) => explainText(schema, value) === null);
