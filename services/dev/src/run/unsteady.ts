import { type Tally, withoutColours } from "./tally.ts";

/** The files of a run of `bun test` in which tests failed, with the number of those. */
export function failuresByFile(output: string): Map<string, number> {
  const failures = new Map<string, number>();
  let file: string | undefined;
  for (const line of withoutColours(output).split(/\r?\n/)) {
    // Bun names all failures once more at the end.
    if (/^\d+ tests? (?:failed|skipped|todo):$/.test(line)) break;
    file = /^(\S+\.test\.tsx?):$/.exec(line)?.[1] ?? file;
    if (file && line.startsWith("(fail)")) failures.set(file, (failures.get(file) ?? 0) + 1);
  }
  return failures;
}

/** The count when the `failures` tests that failed in a file passed in its second run. */
export const steadied = (tally: Tally, failures: number): Tally => ({
  ...tally,
  passed: tally.passed + failures,
  failed: tally.failed - failures,
});
