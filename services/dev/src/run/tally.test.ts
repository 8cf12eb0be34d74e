import { describe, expect, test } from "bun:test";
import { add, nothing, tallyOf } from "./tally.ts";

const summary = (lines: string[]): string => ["bun test v1.4.5", "", "a.test.ts:", ...lines, ""].join("\n");

describe("the count of a run of bun test", () => {
  test("is taken from its closing lines", () => {
    const output = summary([
      "(pass) one [1.00ms]",
      "(fail) two",
      " 12 pass",
      " 3 fail",
      " 20 expect() calls",
      "Ran 15 tests across 2 files.",
    ]);
    expect(tallyOf(output, 1)).toEqual({ passed: 12, failed: 3, skipped: [] });
  });

  test("names skipped tests", () => {
    const output = summary(["(skip) group > first", "(todo) second", " 1 pass", " 1 skip", " 1 todo", " 0 fail"]);
    expect(tallyOf(output, 0)).toEqual({ passed: 1, failed: 0, skipped: ["group > first", "second"] });
  });

  test("ignores colours", () => {
    const red = String.fromCharCode(27);
    expect(tallyOf(`${red}[0m${red}[32m 7 pass${red}[0m\n${red}[0m 0 fail${red}[0m\n`, 0)).toEqual({
      passed: 7,
      failed: 0,
      skipped: [],
    });
  });

  test("of a killed run is what it had reported, and one failure", () => {
    expect(tallyOf(summary(["(pass) one", "(pass) two"]), 137)).toEqual({ passed: 2, failed: 1, skipped: [] });
    expect(tallyOf(summary(["(pass) one", "(fail) two"]), 137)).toEqual({ passed: 1, failed: 2, skipped: [] });
  });

  test("of a run that ends badly without naming a failure is one failure", () => {
    expect(tallyOf(summary([" 4 pass", " 0 fail"]), 1)).toEqual({ passed: 4, failed: 1, skipped: [] });
  });

  test("is not taken from a line that a test printed", () => {
    expect(tallyOf(summary(["99 pass, said a log line", " 1 pass", " 0 fail"]), 0)).toEqual({
      passed: 1,
      failed: 0,
      skipped: [],
    });
  });
});

test("counts add up", () => {
  const one = { passed: 1, failed: 2, skipped: ["a"] };
  expect(add(add(nothing, one), one)).toEqual({ passed: 2, failed: 4, skipped: ["a", "a"] });
});
