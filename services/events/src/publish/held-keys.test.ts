import { expect, test } from "bun:test";
import { createHeldKeys } from "./held-keys.ts";

test("a key waits longer each time it fails, never longer than five seconds", () => {
  const held = createHeldKeys(() => 1);
  const waits = Array.from({ length: 8 }, () => {
    held.hold("a", 1_000);
    return held.nextInMs(1_000);
  });
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000, 5_000]);
});

test("a key may be retried when its time has come, when all are released, or when it works again", () => {
  const held = createHeldKeys(() => 1);
  held.hold("a", 0);
  held.hold("b", 0);
  expect(held.waiting(499)).toEqual(["a", "b"]);
  expect(held.waiting(500)).toEqual([]);
  held.hold("a", 500);
  held.release();
  expect(held.waiting(501)).toEqual([]);
  held.clear("a");
  expect(held.hold("a", 600)).toBe(1);
  expect(held.size).toBe(2);
});

test("without held keys there is no time to wait for", () => {
  expect(createHeldKeys().nextInMs(0)).toBe(Number.POSITIVE_INFINITY);
});

test("G25: at most ten thousand keys are held; the oldest is evicted and tried sooner", () => {
  const held = createHeldKeys();
  for (let key = 0; key < 10_005; key++) held.hold(String(key), 0);
  expect(held.size).toBe(10_000);
  expect(held.waiting(0)).not.toContain("4");
  expect(held.hold("10004", 0)).toBe(2);
  expect(held.size).toBe(10_000);
});
