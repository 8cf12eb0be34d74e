import { expect, test } from "bun:test";
import { Problem } from "./problem.ts";
import { noteRequest, requireRoom } from "./requests-under-way.ts";

const context = (peer: string | null) => ({
  trace: { traceId: "0".repeat(32), spanId: "0".repeat(16), sampled: false },
  path: "/",
  peer: () => peer,
  caller: () => null,
  fields: {},
});

test("G25: beyond a thousand requests under way one more from outside is 503; calls within the process continue", () => {
  const leaving = Array.from({ length: 1_001 }, () => noteRequest(context("192.0.2.1")));
  expect(() => requireRoom(context("192.0.2.1"))).toThrow(Problem);
  expect(() => requireRoom(context(null))).not.toThrow();
  leaving.pop()?.();
  expect(() => requireRoom(context("192.0.2.1"))).not.toThrow();
  for (const leave of leaving) leave();
});
