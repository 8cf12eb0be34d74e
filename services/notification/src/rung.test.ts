import { expect, test } from "bun:test";
import { continueTrace } from "@carillon/kit/observe";
import { createRung } from "./rung.ts";

const planOf = (generation: number) => ({ reminderId: "0199a8c2-7f3e-7b61-9d4c-3a5e8f102b77", generation });

test("an alarm's trace is taken once, by the plan it rang for", () => {
  const rung = createRung();
  const trace = continueTrace(null);
  rung.note(planOf(1), trace);
  expect([rung.take(planOf(2)), rung.take(planOf(1)), rung.take(planOf(1))]).toEqual([null, trace, null]);
});

test("traces of alarms without effect do not accumulate: the oldest are evicted", () => {
  const rung = createRung(2);
  for (const generation of [1, 2, 3]) rung.note(planOf(generation), continueTrace(null));
  expect([1, 2, 3].map((generation) => rung.take(planOf(generation)) !== null)).toEqual([false, true, true]);
});
