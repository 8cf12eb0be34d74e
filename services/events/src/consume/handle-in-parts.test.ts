import { expect, test } from "bun:test";
import { eventOf } from "@carillon/testing/events";
import fc from "fast-check";
import { handleInParts } from "./handle-in-parts.ts";
import { done } from "./verdict.ts";

const users = ["a", "b", "c", "d"].map((letter) => `${letter.repeat(8)}-0000-4000-8000-000000000000`);
const [anna = "", bert = ""] = users;

test("one event on which the handler throws does not fail the others", async () => {
  const events = [eventOf(anna, 1), eventOf(bert, 1), eventOf(anna, 2), eventOf(anna, 3)];
  const verdicts = await handleInParts(async (batch) => {
    if (batch.some((event) => event === events[2])) throw new Error("poison");
    return batch.map(() => done);
  }, events);
  expect(verdicts.map((verdict) => verdict.kind)).toEqual(["done", "done", "retry", "retry"]);
  expect(verdicts[2]).toEqual({ kind: "retry", reason: "poison" });
});

test("a handler that always throws is called a few times, not once per event", async () => {
  let calls = 0;
  const events = Array.from({ length: 200 }, () => eventOf(crypto.randomUUID(), 1));
  const verdicts = await handleInParts(async () => {
    calls++;
    throw new Error("no database");
  }, events);
  expect(calls).toBeLessThanOrEqual(10);
  expect(verdicts).toEqual(events.map(() => ({ kind: "retry", reason: "no database" })));
});

test("fewer verdicts than events count as none", async () => {
  const [verdict] = await handleInParts(async () => [], [eventOf(anna, 1)]);
  expect(verdict).toEqual({ kind: "retry", reason: "0 verdicts on 1 events" });
});

test("nothing of a user counts as done behind a retry, whatever the handler returns or throws on", async () => {
  const plan = fc.array(
    fc.record({ user: fc.nat({ max: 3 }), fate: fc.constantFrom("done", "retry", "drop", "throw") }),
    {
      maxLength: 20,
    },
  );
  await fc.assert(
    fc.asyncProperty(plan, async (steps) => {
      const events = steps.map(({ user }, at) => eventOf(users[user] ?? "", at + 1));
      const fateOf = new Map(events.map((event, at) => [event, steps[at]?.fate]));
      const verdicts = await handleInParts(async (batch) => {
        if (batch.some((event) => fateOf.get(event) === "throw")) throw new Error("thrown");
        return batch.map((event) => ({ kind: fateOf.get(event) === "retry" ? "retry" : "done", reason: "said so" }));
      }, events);
      const stopped = new Set<string>();
      for (const [at, event] of events.entries()) {
        const fails = fateOf.get(event) === "retry" || fateOf.get(event) === "throw";
        if (fails) stopped.add(event.partitionkey);
        if (stopped.has(event.partitionkey)) expect(verdicts[at]?.kind).toBe("retry");
      }
    }),
  );
});
