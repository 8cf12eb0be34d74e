import { expect, test } from "bun:test";
import { createBell } from "./bell.ts";

test("a ring without a sleeper is kept, and many are one", async () => {
  const bell = createBell();
  bell.ring();
  bell.ring();
  const startedAt = performance.now();
  await bell.rung(5_000);
  expect(performance.now() - startedAt).toBeLessThan(100);
  await bell.rung(20);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(19);
});

test("a ring ends the sleep", async () => {
  const bell = createBell();
  const startedAt = performance.now();
  setTimeout(() => bell.ring(), 10);
  await bell.rung(5_000);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});
