import { expect, test } from "bun:test";
import fc from "fast-check";
import { nextTry } from "./retry.ts";

const remindAt = new Date("2026-11-26T16:00:00Z");
const dayMs = 24 * 3_600_000;
const after = (ms: number): Date => new Date(remindAt.getTime() + ms);
const failure = (kind: "refused" | "later" | "away", retryAfterMs: number | null = null) => ({ kind, retryAfterMs });
const waits = (kind: "later" | "away"): number[] =>
  Array.from({ length: 8 }, (_, at) => {
    const next = nextTry(failure(kind), { remindAt, attempts: at + 1, now: remindAt }, () => 1);
    return next.kind === "retry" ? next.delayMs : -1;
  });

test("pauses double: at most 20 s while the provider is away, at most a quarter of an hour for one mail", () => {
  expect(waits("away")).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000, 20_000]);
  expect(waits("later")).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 640_000, 900_000]);
});

test("a permanent rejection fails at once", () => {
  expect(nextTry(failure("refused"), { remindAt, attempts: 1, now: remindAt })).toEqual({ kind: "failed" });
});

test("a provider's own wait is kept, up to an hour", () => {
  const asked = (ms: number) => nextTry(failure("away", ms), { remindAt, attempts: 1, now: remindAt }, () => 1);
  expect(asked(60_000)).toEqual({ kind: "retry", delayMs: 60_000 });
  expect(asked(5)).toEqual({ kind: "retry", delayMs: 1_000 });
  expect(asked(10 * dayMs)).toEqual({ kind: "retry", delayMs: 3_600_000 });
});

test("nothing is retried later than 24 h after its instant, whatever fails and however often", () => {
  const kinds = fc.constantFrom("later", "away") as fc.Arbitrary<"later" | "away">;
  const lateness = fc.integer({ min: 0, max: 2 * dayMs });
  const attempts = fc.integer({ min: 1, max: 10_000 });
  const random = fc.double({ min: 0, max: 0.999, noNaN: true });
  fc.assert(
    fc.property(kinds, lateness, attempts, fc.option(fc.nat()), random, (kind, lateMs, count, asked, luck) => {
      const now = after(lateMs);
      const next = nextTry(failure(kind, asked), { remindAt, attempts: count, now }, () => luck);
      if (next.kind === "retry") {
        expect(next.delayMs).toBeGreaterThanOrEqual(500);
        expect(now.getTime() + next.delayMs).toBeLessThanOrEqual(after(dayMs).getTime());
      } else expect(lateMs).toBeGreaterThan(dayMs - 3_600_000 - 1);
    }),
  );
});
