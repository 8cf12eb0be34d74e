import { expect, test } from "bun:test";
import type { Send } from "@carillon/contracts/http/channels";
import { type Attempt, eventPausesMs, nextStep } from "./next-step.ts";

const now = new Date("2026-12-01T09:00:00.000Z");
const answered = (status: number, retryAfterMs: number | null = null): Attempt => ({
  kind: "answered",
  answer: { status, retryAfterMs },
});
const send = (attempts: number): Send => ({
  user_id: "01a2324a-831f-76a3-9d7e-3595cb401d55",
  id: "01a2324a-8326-76ee-8ed4-cfdf5f456b1c",
  attempts,
  created_at: now.toISOString(),
  task_id: null,
  content: { about: "event", type: "task.created", timestamp: now.toISOString(), data: {} },
});
const step = (attempt: Attempt, attempts = 1) =>
  nextStep(attempt, send(attempts), "webhook", { now, random: () => 0.5 });

test("an event is tried ten times within some three days, with growing pauses", () => {
  const delays = Array.from({ length: 10 }, (_, at) => step(answered(500), at + 1).delay_ms);
  expect(delays).toEqual([...eventPausesMs, null]);
  const days = eventPausesMs.reduce((sum, pause) => sum + pause, 0) / 86_400_000;
  expect([days > 3, days < 4]).toEqual([true, true]);
  expect(step(answered(500), 10).outcome).toBe("failed");
});

test("a receiver of events may be broken in any way for a while; only 410 is its last word", () => {
  for (const status of [301, 400, 401, 404, 429, 503]) expect(step(answered(status)).outcome).toBe("retry");
  expect(step({ kind: "unreached", detail: "no route" })).toMatchObject({ outcome: "retry", detail: "no route" });
  expect(step(answered(410)).outcome).toBe("failed");
  expect(step({ kind: "refused", detail: "inside" }).outcome).toBe("failed");
  expect(step(answered(503, 600_000)).delay_ms).toBe(600_000);
  expect(step(answered(503, 86_400_000)).delay_ms).toBe(3_600_000);
});

test("a push service that no longer knows a browser is not asked again", () => {
  const options = { now, random: () => 0.5 };
  for (const status of [404, 410])
    expect(nextStep(answered(status), send(1), "web_push", options).outcome).toBe("gone");
  expect(nextStep(answered(201), send(1), "web_push", options).outcome).toBe("sent");
});
