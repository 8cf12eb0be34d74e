import { expect, test } from "bun:test";
import { backoffMs } from "./backoff.ts";

test("pauses double from the first up to the maximum", () => {
  const longest = () => 1;
  const waits = [1, 2, 3, 4, 5, 60].map((failures) => backoffMs({ firstMs: 200, maxMs: 1_000 }, failures, longest));
  expect(waits).toEqual([200, 400, 800, 1_000, 1_000, 1_000]);
});

test("the upper half of a pause is random", () => {
  expect(backoffMs({ firstMs: 200, maxMs: 5_000 }, 3, () => 0)).toBe(400);
  expect(backoffMs({ firstMs: 200, maxMs: 5_000 }, 3, () => 0.5)).toBe(600);
});
