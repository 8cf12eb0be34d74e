import { expect, test } from "bun:test";
import type { Due } from "./due.ts";
import { planCalls } from "./plan-calls.ts";

const due = (id: string, key: string, attempts = 0): Due => ({ id, key, slot: 0, attempts, eventId: id, event: "{}" });

test("an event that failed before goes alone, and nothing of its key goes in parallel", () => {
  const entries = [due("1", "a", 1), due("2", "b"), due("3", "a"), due("4", "b")];
  const { bulk, alone } = planCalls(entries);
  expect(bulk.map(({ id }) => id)).toEqual(["2", "4"]);
  expect(alone.map((ofKey) => ofKey.map(({ id }) => id))).toEqual([["1"]]);
});
