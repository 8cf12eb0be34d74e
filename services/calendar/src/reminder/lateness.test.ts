import { expect, test } from "bun:test";
import { isTooLate } from "./lateness.ts";

const thursday = new Date("2026-11-26T17:00:00Z");

test("more than 24 hours late is too late, 24 hours are not", () => {
  expect(isTooLate(thursday, new Date("2026-11-27T17:00:00Z"))).toBe(false);
  expect(isTooLate(thursday, new Date("2026-11-27T17:00:00.001Z"))).toBe(true);
});
