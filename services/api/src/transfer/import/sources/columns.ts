import type { CsvRow } from "../../formats/read-csv.ts";
import type { Losses } from "../item.ts";

export type Table = { header: string[]; rows: CsvRow[] };

/** A row's cell in the column of this name; "" where there is none. */
export type CellOf = (column: string) => string;

/** Each row with a look-up by column, and notes for every column that is not read and has something in it. */
export function withColumns<Item>(
  { header, rows }: Table,
  { known, losses }: { known: ReadonlySet<string>; losses: Losses },
  read: (cell: CellOf, row: number) => Item[],
): Item[] {
  const places = new Map(header.map((name, at) => [name.toLowerCase(), at]));
  const others = header.flatMap((name, at) => (known.has(name.toLowerCase()) ? [] : [{ name, at }]));
  return rows.flatMap(({ cells, line }) => {
    for (const { name, at } of others)
      if ((cells[at] ?? "").trim() !== "") losses.note(name || `column ${at + 1}`, line, "has no place here");
    return read((column) => cells[places.get(column) ?? -1] ?? "", line);
  });
}

/** True where every one of these columns is there. */
export const hasAll = (header: readonly string[], columns: readonly string[]): boolean => {
  const lower = new Set(header.map((name) => name.toLowerCase()));
  return columns.every((name) => lower.has(name));
};
