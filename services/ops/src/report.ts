/** The result of a command. */
export type Report = {
  /** For people: whole lines. */
  lines: string[];
  /** For programs. */
  data: unknown;
  /** 0 when all is well, 1 when not. */
  exitCode: 0 | 1;
};

export const report = (lines: string[], data: unknown, exitCode: 0 | 1 = 0): Report => ({ lines, data, exitCode });

/** Everything that would move a terminal's cursor, colour its text or reorder it, except the line's end. */
const unprintable = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
const escaped = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** `text` on one line of a terminal, with control characters escaped. */
export const printable = (text: string): string => text.replace(unprintable, escaped);

/** JSON that is safe to print: unprintable characters that JSON leaves raw become escapes with the same meaning. */
export const printableJson = (value: unknown): string =>
  (JSON.stringify(value, null, 2) ?? "null").split("\n").map(printable).join("\n");

/** Rows as columns of equal width, the last one as long as it is. */
export function table(names: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [names, ...rows.map((row) => row.map(printable))];
  const widths = names.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** A duration in its two largest units: "45 s", "3 min 20 s", "2 d 4 h". */
export function age(seconds: number): string {
  const units: [number, string][] = [
    [86_400, "d"],
    [3_600, "h"],
    [60, "min"],
    [1, "s"],
  ];
  const first = units.findIndex(([size]) => seconds >= size);
  if (first === -1) return "0 s";
  let rest = Math.floor(seconds);
  const parts = units.slice(first, first + 2).map(([size, name]) => {
    const count = Math.floor(rest / size);
    rest %= size;
    return count === 0 ? "" : `${count} ${name}`;
  });
  return parts.filter(Boolean).join(" ");
}
