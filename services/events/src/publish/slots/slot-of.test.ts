import { expect, test } from "bun:test";
import { slotOf } from "./slot-of.ts";

test("a user's slot never changes: replicas of two releases agree", () => {
  expect(slotOf("00000000-0000-0000-0000-000000000000")).toBe(9);
  expect(slotOf("0199a8c2-7f3e-7b61-9d4c-3a5e8f102b77")).toBe(8);
  expect(slotOf("F47AC10B-58CC-4372-A567-0E02B2C3D479")).toBe(slotOf("f47ac10b-58cc-4372-a567-0e02b2c3d479"));
});

test("users are spread evenly over the slots", () => {
  const counts = new Array<number>(12).fill(0);
  for (let user = 0; user < 12_000; user++) {
    const slot = slotOf(Bun.randomUUIDv7());
    counts[slot] = (counts[slot] ?? 0) + 1;
  }
  expect(Math.min(...counts)).toBeGreaterThan(850);
  expect(Math.max(...counts)).toBeLessThan(1_150);
});
