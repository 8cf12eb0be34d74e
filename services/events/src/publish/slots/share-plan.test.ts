import { expect, test } from "bun:test";
import fc from "fast-check";
import { planShare } from "./share-plan.ts";

const all = Array.from({ length: 12 }, (_, slot) => slot);

test("a replica alone takes everything", () => {
  const { leaving, take } = planShare({ replicas: 1, held: [], taken: [], busy: [] });
  expect(leaving).toEqual([]);
  expect(take.toSorted((a, b) => a - b)).toEqual(all);
});

test("when a second one comes the first gives half of it back, idle slots first", () => {
  const busy = [11, 10, 9, 8, 7];
  expect(planShare({ replicas: 2, held: all, taken: [], busy })).toEqual({ leaving: [6, 5, 4, 3, 2, 1], take: [] });
});

test("a replica with its share takes nothing, however much is free", () => {
  expect(planShare({ replicas: 2, held: [0, 1, 2, 3, 4, 5], taken: [], busy: [] })).toEqual({ leaving: [], take: [] });
});

test("replicas that act in turn end with every slot led and none above the fair share", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 15 }),
      fc.array(fc.nat({ max: 14 }), { maxLength: 12 }),
      (replicas, owners) => {
        const held = Array.from({ length: replicas }, () => new Set<number>());
        for (const [slot, owner] of owners.entries()) held[owner % replicas]?.add(slot);
        // Two rounds: giving back, then taking.
        for (let turn = 0; turn < 2 * replicas; turn++) {
          const mine = held[turn % replicas] ?? new Set();
          const taken = held.filter((one) => one !== mine).flatMap((one) => [...one]);
          const plan = planShare({ replicas, held: [...mine], taken, busy: [] });
          for (const slot of plan.leaving) mine.delete(slot);
          for (const slot of plan.take) mine.add(slot);
        }
        expect(held.flatMap((one) => [...one]).toSorted((a, b) => a - b)).toEqual(all);
        expect(Math.max(...held.map((one) => one.size))).toBeLessThanOrEqual(Math.ceil(12 / replicas));
      },
    ),
  );
});
