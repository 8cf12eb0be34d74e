import { expect, test } from "bun:test";
import { done, heldBackReason, type Verdict } from "./verdict.ts";
import { wholeBatches } from "./whole-batches.ts";

const again: Verdict = { kind: "retry", reason: "closed" };
const drop: Verdict = { kind: "drop", reason: "closed" };
const waits: Verdict = { kind: "retry", reason: heldBackReason };
const ids = ["a", "b", "c"];

test("a batch without a retry is answered as it is", () => {
  expect(wholeBatches().say(ids, [done, drop, done])).toEqual([done, drop, done]);
});

test("while one of a batch is retried all of it is, including done and dropped events", () => {
  expect(wholeBatches().say(ids, [done, again, drop])).toEqual([waits, again, waits]);
});

test("events given up while another was still retried are remembered until they are dropped with it", () => {
  const whole = wholeBatches();
  expect(whole.givenUp("a")).toBeNull();
  whole.say(ids, [drop, again, done]);
  expect([whole.givenUp("a"), whole.givenUp("b"), whole.givenUp(null)]).toEqual([drop, null, null]);
  expect(whole.say(ids, [drop, done, done])).toEqual([drop, done, done]);
  // Parked, it starts from zero: an operator may replay it.
  expect(whole.givenUp("a")).toBeNull();
});

test("beyond ten thousand the events given up longest ago are forgotten, and new ones are remembered", () => {
  const whole = wholeBatches();
  for (let at = 0; at <= 10_000; at++) whole.say([`${at}`, "x"], [drop, again]);
  expect([whole.givenUp("0"), whole.givenUp("1"), whole.givenUp("10000")]).toEqual([null, drop, drop]);
});
