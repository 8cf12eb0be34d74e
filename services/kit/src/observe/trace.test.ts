import { expect, test } from "bun:test";
import { keepSpans } from "@carillon/testing/kept-spans";
import { createInternalService } from "../service/internal-service.ts";
import { Problem } from "../service/problem.ts";
import { createService } from "../service/service.ts";
import { createLog, silentLog } from "./log.ts";
import {
  continueTrace,
  currentTrace,
  inBatchSpan,
  inSpan,
  linkTrace,
  parseTraceparent,
  traceparentOf,
  withTrace,
} from "./trace.ts";

const appToken = "token";
const traceparentFor = (digit: string): string => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`;

const apiOf = (log = silentLog) => createService({ name: "api", log, appToken, parameters: { id: "name" } });

test("without a recorder, work carries the trace it was given, and work without one gets a new one", async () => {
  const given = continueTrace(traceparentFor("a"));
  const seen = await withTrace(given, () =>
    inSpan({ name: "x", kind: "client" }, async ({ trace }) => [trace, currentTrace()]),
  );
  expect(seen).toEqual([given, given]);
  const alone = await inSpan({ name: "x", kind: "internal" }, async () => currentTrace());
  expect(parseTraceparent(traceparentOf(alone ?? given))).toEqual(alone ?? null);
});

test.each([null, "", "00-0-0-01", traceparentFor("0"), `01${traceparentFor("a").slice(2)}`, "x".repeat(10_000)])(
  "a malformed traceparent starts a new trace: %p",
  (given) => {
    expect(parseTraceparent(given)).toBeNull();
    expect(continueTrace(given).traceId).toMatch(/^[0-9a-f]{32}$/);
  },
);

test("log line, problem and answer carry the trace id of the request's span", async () => {
  using kept = keepSpans();
  const lines: string[] = [];
  const log = createLog({ service: "api", level: "info", write: (line) => lines.push(line) });
  const api = apiOf(log).get("/x", () => {
    throw new Problem("unavailable", "Away.");
  });
  const answer = await api.handle(new Request("http://localhost/x"));
  const { traceId } = kept.named("GET /x").trace;
  expect(((await answer.json()) as { trace_id: string }).trace_id).toBe(traceId);
  expect(answer.headers.get("traceparent")).toContain(traceId);
  expect(lines.map((line) => JSON.parse(line).trace_id)).toEqual(lines.map(() => traceId));
  expect(kept.named("GET /x").failed).toBe("503");
});

test("health, readiness and metrics have no spans", async () => {
  using kept = keepSpans();
  const api = apiOf();
  for (const path of ["/health", "/health/live", "/ready"])
    expect((await api.handle(new Request(`http://localhost${path}`))).status).toBe(200);
  const internal = createInternalService({ name: "api", log: silentLog, appToken, routes: [] });
  expect((await internal.handle(new Request("http://localhost/metrics"))).status).toBe(200);
  expect(kept.spans).toEqual([]);
});

test("a failure is recorded by its kind, without its message, which may quote a user", async () => {
  using kept = keepSpans();
  const failing = inSpan({ name: "x", kind: "internal" }, () => Promise.reject(new TypeError("Call mum")));
  await expect(failing).rejects.toThrow("Call mum");
  const refusing = inSpan({ name: "y", kind: "internal" }, () => Promise.reject(new Problem("conflict", "Call dad")));
  await expect(refusing).rejects.toThrow();
  expect([kept.named("x").failed, kept.named("y").failed]).toEqual(["TypeError", "conflict"]);
  expect(JSON.stringify(kept.spans)).not.toContain("Call");
});

test("a batch is part of the trace that all of it shares, or else of a new one that links to theirs", async () => {
  using kept = keepSpans();
  const [a, b] = [continueTrace(traceparentFor("a")), continueTrace(traceparentFor("b"))];
  await inBatchSpan({ name: "shared", kind: "internal" }, [a, a], async () => {});
  await inBatchSpan({ name: "mixed", kind: "internal" }, [a, b], async () => {});
  expect([kept.named("shared").parent, kept.named("shared").links]).toEqual([a, []]);
  expect([kept.named("mixed").parent, kept.named("mixed").links]).toEqual([null, [a, b]]);
});

test("work can link itself to another trace", async () => {
  using kept = keepSpans();
  const other = continueTrace(traceparentFor("b"));
  await inSpan({ name: "x", kind: "internal" }, async () => linkTrace(other));
  expect(kept.named("x").links).toEqual([other]);
});
