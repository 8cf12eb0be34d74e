const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Columns that the text takes on a terminal: two for a wide character, none for a combining one. */
const widthOf = (text: string): number => Bun.stringWidth(text);

export const padded = (text: string, width: number): string => text + " ".repeat(Math.max(0, width - widthOf(text)));

/** The text in at most `width` columns, whole characters only; what is left out is an ellipsis. */
export function fitted(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let short = "";
  let used = 1;
  for (const { segment } of graphemes.segment(text)) {
    used += widthOf(segment);
    if (used > width) break;
    short += segment;
  }
  return `${short}…`;
}

export type Column = { align?: "right" /** Gives way when the line is too long. */; isElastic?: true };

const minElastic = 12;

/** Rows as aligned columns; the elastic one is shortened to the terminal's width, where there is a terminal. */
export function aligned(
  shape: readonly Column[],
  rows: readonly (readonly string[])[],
  columns: number | null,
): string[][] {
  const widths = shape.map((_, at) => Math.max(0, ...rows.map((row) => widthOf(row[at] ?? ""))));
  const shown = widths.filter((width) => width > 0).length;
  const excess = columns === null ? 0 : widths.reduce((sum, width) => sum + width, 2 * (shown - 1)) - columns;
  return rows.map((row) =>
    shape.map(({ align, isElastic }, at) => {
      const full = widths[at] ?? 0;
      const width = isElastic && excess > 0 ? Math.max(Math.min(full, minElastic), full - excess) : full;
      const text = fitted(row[at] ?? "", width);
      return align === "right" ? " ".repeat(Math.max(0, width - widthOf(text))) + text : padded(text, width);
    }),
  );
}
