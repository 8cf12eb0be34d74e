import { formula } from "./csv.ts";

/** The cell as it was before `csvRow` made it safe. */
export const unsafe = (cell: string): string => (cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell);

export type CsvRow = { line: number; cells: string[] };
export type CsvFault = { line: number; detail: string };

/** Maximum cells in a row: ours has 20, the widest known export some 30. */
const maxCells = 200;

/**
 * The rows of a CSV text, each with the number of its first line. Line ends may be mixed; quotes inside an
 * unquoted cell are text. The first fault ends it, as `fault`.
 */
export function readCsv(text: string, separator: string, maxRows: number): { rows: CsvRow[]; fault: CsvFault | null } {
  const rows: CsvRow[] = [];
  let [at, line] = [0, 1];
  while (at < text.length) {
    const row: CsvRow = { line, cells: [] };
    for (;;) {
      const cell = readCell(text, at, separator);
      if (cell === null) return { rows, fault: { line, detail: "opens a quote that nothing closes" } };
      row.cells.push(cell.value);
      if (row.cells.length > maxCells) return { rows, fault: { line, detail: `has more than ${maxCells} cells` } };
      line += cell.lines;
      at = cell.end;
      if (text[at] !== separator) break;
      at++;
    }
    if (text[at] === "\r" && text[at + 1] === "\n") at++;
    at++;
    line++;
    if (row.cells.length > 1 || row.cells[0]?.trim() !== "") rows.push(row);
    if (rows.length > maxRows) return { rows, fault: { line, detail: `is beyond the ${maxRows} rows of one file` } };
  }
  return { rows, fault: null };
}

type Cell = { value: string; end: number; lines: number };

function readCell(text: string, from: number, separator: string): Cell | null {
  if (text[from] !== '"') {
    const end = endOfPlain(text, from, separator);
    return { value: text.slice(from, end), end, lines: 0 };
  }
  let value = "";
  for (let at = from + 1; ; ) {
    const quote = text.indexOf('"', at);
    if (quote === -1) return null;
    value += text.slice(at, quote);
    at = quote + 2;
    if (text[quote + 1] === '"') {
      value += '"';
      continue;
    }
    // What stands between a closing quote and the separator belongs to the cell all the same.
    const end = endOfPlain(text, quote + 1, separator);
    return { value: value + text.slice(quote + 1, end), end, lines: value.split("\n").length - 1 };
  }
}

function endOfPlain(text: string, from: number, separator: string): number {
  let end = from;
  while (end < text.length && text[end] !== separator && text[end] !== "\n" && text[end] !== "\r") end++;
  return end;
}
