import { describe, expect, test } from "bun:test";
import { tallyOf } from "./tally.ts";
import { failuresByFile, steadied } from "./unsteady.ts";

const output = [
  "bun test v1.4.5",
  "services/a.test.ts:",
  "(pass) first",
  "(fail) second",
  "(fail) third",
  "services/b.test.tsx:",
  "(pass) fourth",
  "",
  "2 tests failed:",
  "(fail) second",
  "(fail) third",
  " 2 pass",
  " 2 fail",
  "Ran 4 tests across 2 files.",
].join("\n");

describe("a file that failed and passes by itself", () => {
  test("is the file under whose name tests failed, not the last one of the run", () => {
    expect([...failuresByFile(output)]).toEqual([["services/a.test.ts", 2]]);
  });

  test("counts as passed", () => {
    expect(steadied(tallyOf(output, 1), 2)).toEqual({ passed: 4, failed: 0, skipped: [] });
  });
});
