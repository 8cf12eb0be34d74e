import { expect, test } from "bun:test";
import { array, assert, integer, nat, property, record } from "fast-check";
import { OffsetHistory } from "./offset-history.ts";

/**
 * A partition's life: events written, with pauses. The instants at which each was written, and a
 * history of the samples.
 */
const life = array(record({ events: nat(50), laterMs: integer({ min: 1, max: 60_000 }) }), {
  minLength: 1,
  maxLength: 60,
});

function lived(steps: readonly { events: number; laterMs: number }[]) {
  const history = new OffsetHistory();
  const writtenBetween: { fromMs: number; toMs: number }[] = [];
  let [offset, atMs] = [0, 0];
  history.add({ offset, atMs });
  for (const { events, laterMs } of steps) {
    const fromMs = atMs;
    offset += events;
    atMs += laterMs;
    history.add({ offset, atMs });
    for (let event = 0; event < events; event++) writtenBetween.push({ fromMs, toMs: atMs });
  }
  return { history, writtenBetween, end: offset, nowMs: atMs };
}

test("an event is as old as the time between the two samples around its writing, at any offset", () => {
  assert(
    property(life, (steps) => {
      const { history, writtenBetween, nowMs } = lived(steps);
      for (const [offset, { fromMs, toMs }] of writtenBetween.entries()) {
        const ageMs = history.ageSeconds(offset, nowMs) * 1_000;
        expect(ageMs).toBeGreaterThanOrEqual(nowMs - toMs - 0.001);
        expect(ageMs).toBeLessThanOrEqual(nowMs - fromMs + 0.001);
      }
    }),
  );
});

test("a group with nothing left is not behind, and an earlier event is never younger than a later one", () => {
  assert(
    property(life, nat(10_000), (steps, waitedMs) => {
      const { history, end, nowMs } = lived(steps);
      const ages = Array.from({ length: end + 1 }, (_, offset) => history.ageSeconds(offset, nowMs + waitedMs));
      expect(ages.at(-1)).toBe(0);
      expect(ages).toEqual(ages.toSorted((one, other) => other - one));
    }),
  );
});

test("a waiting event ages by the clock, not by later writes", () => {
  const history = new OffsetHistory();
  for (let second = 0; second <= 100; second++) history.add({ offset: second * 10, atMs: second * 1_000 });
  expect(history.ageSeconds(509, 100_000)).toBeCloseTo(49, 5);
  for (let second = 101; second <= 160; second++) history.add({ offset: second * 10, atMs: second * 1_000 });
  expect(history.ageSeconds(509, 160_000)).toBeCloseTo(109, 5);
});

test("an event from before the first sample is at least as old as that sample", () => {
  const history = new OffsetHistory();
  history.add({ offset: 1_000, atMs: 5_000 });
  expect(history.ageSeconds(3, 65_000)).toBe(60);
});

test("a day of samples stays small, and yesterday is still known to the minute", () => {
  const history = new OffsetHistory();
  const day = 86_400;
  for (let second = 0; second <= day; second++) history.add({ offset: second, atMs: second * 1_000 });
  expect(history.samples.length).toBeLessThanOrEqual(1_024);
  for (const agoSeconds of [10, 60, 3_600, 40_000, day - 1])
    expect(Math.abs(history.ageSeconds(day - agoSeconds, day * 1_000) - agoSeconds)).toBeLessThanOrEqual(60);
});

test("a quiet topic takes no space, and the pause does not make its next event old", () => {
  const history = new OffsetHistory();
  history.add({ offset: 4, atMs: 0 });
  for (let second = 1; second <= 3_600; second++) history.add({ offset: 5, atMs: second * 1_000 });
  history.add({ offset: 6, atMs: 3_601_000 });
  expect(history.samples).toHaveLength(4);
  expect(history.ageSeconds(5, 3_602_000)).toBeCloseTo(1, 5);
});

test("a recreated topic is measured from zero", () => {
  const history = new OffsetHistory();
  history.add({ offset: 900, atMs: 1_000 });
  history.add({ offset: 2, atMs: 2_000 });
  expect(history.samples).toEqual([{ offset: 2, atMs: 2_000 }]);
});
