import { expect, test } from "bun:test";
import { Problem } from "@carillon/kit/service";
import { countTries } from "./count-tries.ts";
import { done, heldBackReason, retryFor, type Verdict } from "./verdict.ts";

const again: Verdict = { kind: "retry", reason: "closed" };
const heldBack: Verdict = { kind: "retry", reason: heldBackReason };
const given = { firstMs: 0, maxMs: 0 };

test("G6: the last try's failure is a drop for the same reason, and of each event alone", () => {
  const count = countTries({ ...given, attempts: 3 });
  expect([count("a", again), count("a", again), count("b", again), count("a", again)]).toEqual([
    again,
    again,
    again,
    { kind: "drop", reason: "closed" },
  ]);
  // Once parked it starts from zero, because an operator may replay it.
  expect(count("a", again)).toEqual(again);
});

test("an event that was held back, or handled in between, has used no try", () => {
  const count = countTries({ ...given, attempts: 2 });
  expect([count("a", heldBack), count("a", heldBack), count("a", again)]).toEqual([heldBack, heldBack, again]);
  expect([count("a", done), count("a", again)]).toEqual([done, again]);
});

test("G22: while a shared dependency is away no event uses a try; then the event's own failures count", () => {
  const count = countTries({ ...given, attempts: 3 });
  const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
  const outages = [refused, new Problem("unavailable", "api cannot be reached.")].map(retryFor);
  for (let at = 0; at < 1_000; at++) for (const away of outages) expect(count("a", away).kind).toBe("retry");
  expect(["a", "a", "a"].map((id) => count(id, retryFor(new Error("closed"))).kind)).toEqual([
    "retry",
    "retry",
    "drop",
  ]);
});

test("an entry of the history is retried without limit, and one try is one try", () => {
  const forever = countTries({ ...given, attempts: "forever" });
  for (let at = 0; at < 1_000; at++) expect(forever("a", again)).toEqual(again);
  expect(countTries({ ...given, attempts: 1 })("a", again)).toEqual({ kind: "drop", reason: "closed" });
});

test("G25: no more than ten thousand failing events are tracked, and the oldest is evicted first", () => {
  const count = countTries({ ...given, attempts: 2 });
  for (let at = 0; at <= 10_000; at++) count(`e${at}`, again);
  expect(count("e1", again)).toEqual({ kind: "drop", reason: "closed" });
  expect(count("e0", again)).toEqual(again);
});
