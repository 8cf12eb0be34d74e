import { expect, test } from "bun:test";
import { Problem } from "./problem.ts";
import { noteRequest, requireRoom } from "./requests-under-way.ts";

const context = (peer: string | null, client?: string) => ({
  ...(client === undefined ? {} : { client }),
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

test("G25: once half of the room is taken a client with many requests gets 429, and others are served", () => {
  const slow = Array.from({ length: 500 }, () => noteRequest(context("192.0.2.1", "192.0.2.1")));
  expect(() => requireRoom(context("192.0.2.1", "192.0.2.1"))).not.toThrow();
  slow.push(noteRequest(context("192.0.2.1", "192.0.2.1")));
  expect(() => requireRoom(context("192.0.2.1", "192.0.2.1"))).toThrow(
    expect.objectContaining({ code: "too_many_requests" }),
  );
  expect(() => requireRoom(context("192.0.2.2", "192.0.2.2"))).not.toThrow();
  for (const leave of slow) leave();
  expect(() => requireRoom(context("192.0.2.1", "192.0.2.1"))).not.toThrow();
});

test("a page's calls within the process take no room, and are not counted as its client's", () => {
  const client = "192.0.2.1";
  const leaving = Array.from({ length: 250 }, () => noteRequest(context("192.0.2.1", client)));
  // What each page asks of api.
  for (let call = 0; call < 1_000; call++) leaving.push(noteRequest(context(null, client)));
  expect(() => requireRoom(context("192.0.2.1", client))).not.toThrow();
  for (const leave of leaving) leave();
});
