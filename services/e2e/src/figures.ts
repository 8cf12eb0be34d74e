/** The output of a benchmark: a line per figure with its limit, and at the end whether every limit was met. */
export function createFigures() {
  let missed = 0;
  const print = (what: string, figure: string, bar: string, verdict: string) =>
    process.stdout.write(`${what.padEnd(64)} ${figure.padStart(14)}   (bar: ${bar})${verdict}\n`);
  return {
    say: (what: string, figure: string) => print(what, figure, "-", ""),
    /** A figure that must reach its limit. */
    hold(what: string, figure: string, bar: string, isMet: boolean): void {
      if (!isMet) missed++;
      print(what, figure, bar, isMet ? "" : "   MISSED");
    },
    /** Ends the process: with 1 when a limit was missed. */
    finish(): never {
      process.stdout.write(missed === 0 ? "every bar is met\n" : `${missed} bars are missed\n`);
      process.exit(missed === 0 ? 0 : 1);
    },
  };
}

export type Figures = ReturnType<typeof createFigures>;

export const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
