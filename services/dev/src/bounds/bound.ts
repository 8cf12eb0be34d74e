/** One thing of the product that could grow, its limit, and the test that proves it (G25). */
export type Bound = {
  what: string;
  file: string;
  /** The line of `file` with the limit. */
  line: string;
  /** The same in words. */
  bound: string;
  /** What happens beyond it. */
  beyond: string;
  /** A test's file, and a part of its name. */
  test: readonly [string, string];
};
