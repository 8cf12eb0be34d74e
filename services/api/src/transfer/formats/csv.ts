/**
 * What spreadsheets take for a formula, also behind blanks, in the wide forms of East Asian keyboards, and behind
 * apostrophes of our own: a cell that begins so gets an apostrophe in front, and reading takes it away.
 */
export const formula = /^'*\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^'*[\t\r\n]/;

/** One row (RFC 4180), each cell in quotes: then no locale's separator splits it. */
export const csvRow = (cells: readonly string[]): string =>
  `${cells.map((cell) => (cell === "" ? "" : `"${safe(cell).replaceAll('"', '""')}"`)).join(",")}\r\n`;

const safe = (cell: string): string => (formula.test(cell) ? `'${cell}` : cell);

/** A list in one cell: as a row of its own, with quotes only where a name needs them. */
export const csvList = (names: readonly string[]): string =>
  names.map((name) => (/[",\r\n]|^\s|\s$/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)).join(",");
