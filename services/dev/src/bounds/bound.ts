/** One thing of the product that could grow, what ends its growth, and who proves it (G25). */
export type Bound = {
  what: string;
  file: string;
  /** The line of `file` that says the bound. */
  line: string;
  /** The same for people. */
  bound: string;
  /** What becomes of one more. */
  beyond: string;
  /** A test's file, and a part of its name. */
  test: readonly [string, string];
};
