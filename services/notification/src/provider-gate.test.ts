import { expect, test } from "bun:test";
import { createProviderGate } from "./provider-gate.ts";

const failed = (kind: "away" | "later" | "refused", retryAfterMs: number | null = null) => ({
  sent: 0,
  failures: [{ kind, retryAfterMs }],
});
const sent = { sent: 1, failures: [] };
const nothing = { sent: 0, failures: [] };

test("a provider that takes nothing is probed more and more slowly, but at least every ten seconds", () => {
  const gate = createProviderGate(() => 1);
  const pauses = Array.from({ length: 8 }, (_, round) => {
    gate.note(failed("away"), round * 100_000);
    return gate.pauseMs(round * 100_000);
  });
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]);
  expect(gate.isAway()).toBe(true);
});

test("one mail that it accepts or rejects shows that it is back; a round without mails shows nothing", () => {
  for (const round of [sent, failed("later"), failed("refused")]) {
    const gate = createProviderGate();
    expect(gate.note(failed("away"), 0)).toBe("went away");
    expect(gate.note(failed("away"), 0)).toBeNull();
    expect(gate.note(nothing, 0)).toBeNull();
    expect(gate.isAway()).toBe(true);
    expect(gate.note(round, 0)).toBe("came back");
    expect([gate.isAway(), gate.note(round, 0)]).toEqual([false, null]);
  }
});

test("the wait it asks for is kept, up to a minute, even when other mails of the same round went through", () => {
  const gate = createProviderGate();
  gate.note({ sent: 3, failures: [{ kind: "away", retryAfterMs: 7_000 }] }, 1_000);
  expect([gate.isAway(), gate.pauseMs(1_000), gate.pauseMs(9_000)]).toEqual([false, 7_000, 0]);
  gate.note(failed("away", 3_600_000), 10_000);
  expect(gate.pauseMs(10_000)).toBe(60_000);
});
