/** The summary of a `bun test` run. */
export type Tally = { passed: number; failed: number; skipped: string[] };

export const nothing: Tally = { passed: 0, failed: 0, skipped: [] };

/**
 * The counts of one run of `bun test`, from its output and its exit code. A run that broke off before
 * its summary counts what it had reported, and one failure for the break; so does one that ends
 * badly without naming a failure.
 */
export function tallyOf(output: string, exitCode: number): Tally {
  const lines = withoutColours(output).split(/\r?\n/);
  const passed = summary(lines, "pass") ?? count(lines, "(pass)");
  const failed = summary(lines, "fail") ?? count(lines, "(fail)") + 1;
  const hidden = exitCode !== 0 && failed === 0 ? 1 : 0;
  return {
    passed,
    failed: failed + hidden,
    skipped: lines.flatMap((line) => /^\((?:skip|todo)\) (.*)$/.exec(line)?.[1] ?? []),
  };
}

export const add = (one: Tally, other: Tally): Tally => ({
  passed: one.passed + other.passed,
  failed: one.failed + other.failed,
  skipped: [...one.skipped, ...other.skipped],
});

const ansi = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");

export const withoutColours = (output: string): string => output.replaceAll(ansi, "");

/** The number before `word` in the closing lines (` 12 pass`), or null when there are none. */
function summary(lines: readonly string[], word: string): number | null {
  const line = lines.findLast((candidate) => new RegExp(`^ *\\d+ ${word}$`).test(candidate));
  return line === undefined ? null : Number.parseInt(line, 10);
}

const count = (lines: readonly string[], mark: string): number => lines.filter((line) => line.startsWith(mark)).length;
