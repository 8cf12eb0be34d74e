import { expect, test } from "bun:test";
import { localInvoker } from "@carillon/adapters/local";
import { appTokenHeader, causationHeader, correlationHeader } from "@carillon/contracts/names";
import { createLog, currentCause, silentLog } from "@carillon/kit/observe";
import { createInternalService, createService } from "@carillon/kit/service";
import { eventOf } from "@carillon/testing/events";
import { handleTogether } from "../src/consume/handle-together.ts";
import { subscribe } from "../src/consume/subscribe.ts";
import { done, oneByOne, type Verdict } from "../src/consume/verdict.ts";

const appToken = "token";
const userId = "0199a8c2-7f3e-7b61-9d4c-3a5e8f102b77";
const state = { get: async () => null, set: async () => true, delete: async () => {} };

async function deliver(door: ReturnType<typeof createInternalService>, events: readonly object[]): Promise<void> {
  const entries = events.map((event, at) => ({ entryId: `${at}`, event }));
  const headers = { "content-type": "application/json", [appTokenHeader]: appToken };
  const body = JSON.stringify({ id: "b", entries });
  await door.handle(new Request("http://localhost/events/task-events", { method: "POST", headers, body }));
}

type Line = { correlation_id?: string; causation_id?: string };

/** A consumer that calls api for each event, and what api knew of the cause and logged of it. */
function consumerOfApi() {
  const seen: unknown[] = [];
  const lines: Line[] = [];
  const log = createLog({ service: "api", level: "info", write: (line) => lines.push(JSON.parse(line)) });
  const handle = () => {
    seen.push(currentCause());
    return new Response("{}");
  };
  const api = createInternalService({
    name: "api",
    log,
    appToken,
    routes: [{ method: "POST", path: "/internal/x", callers: ["recurring"], handle }],
  });
  const invoke = localInvoker({ doors: { api }, appToken, from: "recurring" });
  const call = () => invoke.call("api", new Request("http://localhost/internal/x", { method: "POST" }));
  const each = oneByOne(async () => ((await call()).ok ? done : { kind: "drop", reason: "" }));
  const route = subscribe({ service: "recurring", topic: "task-events", state, log: silentLog, handle: each });
  return { seen, lines, door: createInternalService({ name: "recurring", log: silentLog, appToken, routes: [route] }) };
}

test("what an event causes carries the event's id, and the id of the first request, into calls and logs", async () => {
  const { seen, lines, door } = consumerOfApi();
  const events = [eventOf(userId, 1, { correlationid: "a".repeat(32) }), eventOf(userId, 2)];
  await deliver(door, events);
  const expected = events.map(({ id, correlationid }) => ({ correlationId: correlationid ?? id, causationId: id }));
  expect(seen).toEqual(expected);
  expect(lines.map(({ correlation_id, causation_id }) => [correlation_id, causation_id])).toEqual(
    expected.map(({ correlationId, causationId }) => [correlationId, causationId]),
  );
});

test("what a batch causes goes back to its only event, or to the request that all of it shares; each failure to its own event", async () => {
  const seen: unknown[] = [];
  const lines: Line[] = [];
  const log = createLog({ service: "audit", level: "warn", write: (line) => lines.push(JSON.parse(line)) });
  const refuse = async (events: unknown[]): Promise<Verdict[]> => {
    seen.push(currentCause());
    return events.map(() => ({ kind: "drop", reason: "not today" }));
  };
  const route = subscribe({ service: "audit", topic: "task-events", state, log, handle: handleTogether(refuse) });
  const door = createInternalService({ name: "audit", log: silentLog, appToken, routes: [route] });
  const [one, other] = ["a".repeat(32), "b".repeat(32)];
  const events = [one, one, other].map((correlationid, at) => eventOf(userId, at + 1, { correlationid }));
  for (const batch of [events.slice(0, 1), events.slice(0, 2), events]) await deliver(door, batch);
  expect(seen).toEqual([
    { correlationId: one, causationId: events[0]?.id },
    { correlationId: one, causationId: null },
    null,
  ]);
  expect(lines.slice(-3).map(({ correlation_id, causation_id }) => [correlation_id, causation_id])).toEqual(
    events.map(({ id, correlationid }) => [correlationid, id]),
  );
});

test("a stranger's headers name no cause: a request is the first, and its trace id is what follows carries", async () => {
  const seen: unknown[] = [];
  const api = createService({ name: "api", log: silentLog, appToken }).get("/x", () => {
    seen.push(currentCause());
    return "";
  });
  const headers = {
    [correlationHeader]: "forged",
    [causationHeader]: "forged",
    traceparent: `00-${"b".repeat(32)}-${"b".repeat(16)}-01`,
  };
  await api.handle(new Request("http://localhost/x", { headers }));
  expect(seen).toEqual([{ correlationId: "b".repeat(32), causationId: null }]);
});
