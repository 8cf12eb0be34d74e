import { expect, test } from "bun:test";
import type { CloudEvent, EventData } from "@carillon/contracts/event";
import { type Log, silentLog } from "@carillon/kit/observe";
import type { State } from "@carillon/kit/ports";
import { createInternalService } from "@carillon/kit/service";
import { eventOf, keepIn } from "@carillon/testing/events";
import { failureKey } from "./failure-notes.ts";
import { subscribe } from "./subscribe.ts";
import { done, type Handle, oneByOne } from "./verdict.ts";

const [anna, bert] = ["0199a8c2-7f3e-7b61-9d4c-3a5e8f102b77", "0199a8c2-7f3e-7b61-9d4c-3a5e8f102b78"];
const appToken = "token";

function memoryState() {
  const kept = new Map<string, { value: unknown; ttlSeconds: number | undefined }>();
  const state: State = {
    async get<Value>(key: string) {
      const entry = kept.get(key);
      return entry ? { value: entry.value as Value, etag: "1" } : null;
    },
    async set(key, value, options) {
      kept.set(key, { value, ttlSeconds: options?.ttlSeconds });
      return true;
    },
    async delete(key) {
      kept.delete(key);
    },
  };
  return { state, kept };
}

function doorOf(handle: Handle<EventData>, state: State = memoryState().state, log: Log = silentLog) {
  return createInternalService({
    name: "audit",
    log: silentLog,
    appToken,
    routes: [subscribe({ service: "audit", topic: "task-events", state, log, handle })],
  });
}

async function post(door: ReturnType<typeof doorOf>, body: unknown, contentType = "application/json") {
  const response = await door.handle(
    new Request("http://localhost/events/task-events", {
      method: "POST",
      headers: { "content-type": contentType, "dapr-api-token": appToken },
      body: typeof body === "string" ? body : JSON.stringify(body),
    }),
  );
  return { status: response.status, body: await response.json() };
}

const bulk = (events: readonly unknown[]) => ({
  id: "b1",
  topic: "task-events",
  pubsubname: "kafka-pubsub",
  type: "com.dapr.event.sent.bulk",
  entries: events.map((event, at) => ({ entryId: `e${at}`, contentType: "application/cloudevents+json", event })),
});

test("a bulk envelope is handled in order and answered entry by entry", async () => {
  const seen: CloudEvent<EventData>[] = [];
  const events = [eventOf(anna, 1), eventOf(bert, 1), eventOf(anna, 2)];
  const answer = await post(doorOf(keepIn(seen)), bulk(events));
  expect(answer).toEqual({
    status: 200,
    body: { statuses: ["e0", "e1", "e2"].map((entryId) => ({ entryId, status: "SUCCESS" })) },
  });
  expect(seen).toEqual(events);
});

test.each(["application/cloudevents+json", "application/json", "application/cloudevents+json; charset=UTF-8"])(
  "a single CloudEvent as %s is handled at the same route",
  async (contentType) => {
    const seen: CloudEvent<EventData>[] = [];
    const event = eventOf(anna, 1);
    expect(await post(doorOf(keepIn(seen)), event, contentType)).toEqual({
      status: 200,
      body: { status: "SUCCESS" },
    });
    expect(seen).toEqual([event]);
  },
);

test("after a retry later events of that user are redelivered, those of others are done", async () => {
  const events = [eventOf(anna, 1), eventOf(anna, 2), eventOf(bert, 1)];
  const handled: string[] = [];
  const door = doorOf(
    oneByOne(async (event) => {
      if (event === events[0] || event.id === events[0]?.id) return { kind: "retry", reason: "busy" };
      handled.push(event.id);
      return done;
    }),
  );
  const { body } = await post(door, bulk(events));
  expect(body.statuses.map(({ status }: { status: string }) => status)).toEqual(["RETRY", "RETRY", "SUCCESS"]);
  expect(handled).toEqual([events[2]?.id ?? ""]);
});

test("an undecodable event is dropped with the place of its fault, and the others are handled", async () => {
  const seen: CloudEvent<EventData>[] = [];
  const [first, last] = [eventOf(anna, 1), eventOf(anna, 3)];
  const broken = { ...eventOf(anna, 2), data: { nothing: true } };
  const { body } = await post(doorOf(keepIn(seen)), bulk([first, broken, "{", last]));
  expect(body.statuses[0]).toEqual({ entryId: "e0", status: "SUCCESS" });
  expect(body.statuses[1]).toMatchObject({ entryId: "e1", status: "DROP" });
  expect(body.statuses[1].reason).toStartWith("cannot be decoded: /data");
  expect(body.statuses[2]).toMatchObject({ entryId: "e2", status: "DROP" });
  expect(body.statuses[3]).toEqual({ entryId: "e3", status: "SUCCESS" });
  expect(seen).toEqual([first, last]);
});

test.each(["", "{", "[]", "null", '"text"'])(
  "a body that is not a delivery (%p) is dropped, never a 4xx or 5xx",
  async (body) => {
    expect(await post(doorOf(keepIn([])), body)).toEqual({ status: 200, body: { status: "DROP" } });
  },
);

test("a handler that throws is a retry, never a 500", async () => {
  const door = doorOf(async () => {
    throw new Error("no database");
  });
  expect(await post(door, eventOf(anna, 1))).toEqual({ status: 200, body: { status: "RETRY" } });
});

test("each failed delivery is recorded with its count; those only held back are not", async () => {
  const { state, kept } = memoryState();
  const events = [eventOf(anna, 1), eventOf(anna, 2)];
  const door = doorOf(
    async (batch) => batch.map(() => ({ kind: "retry", reason: "the ledger\u0000is closed" })),
    state,
  );
  await post(door, bulk(events));
  await post(door, bulk(events));
  const id = events[0]?.id ?? "";
  expect([...kept]).toEqual([
    [
      failureKey("audit", id),
      { value: { event_id: id, attempts: 2, last_error: "the ledger is closed" }, ttlSeconds: 21 * 86_400 },
    ],
  ]);
});

test("a State that fails or hangs changes no verdict", async () => {
  const broken: State = {
    get: () => Promise.reject(new Error("away")),
    set: () => new Promise(() => {}),
    delete: async () => {},
  };
  const hanging: State = { ...broken, get: () => new Promise(() => {}) };
  for (const state of [broken, hanging]) {
    const door = doorOf(async (batch) => batch.map(() => ({ kind: "retry", reason: "busy" })), state);
    expect(await post(door, eventOf(anna, 1))).toEqual({ status: 200, body: { status: "RETRY" } });
  }
});

test("without the app token no caller delivers events", async () => {
  const seen: CloudEvent<EventData>[] = [];
  const door = doorOf(keepIn(seen));
  const body = JSON.stringify(eventOf(anna, 1));
  const response = await door.handle(new Request("http://localhost/events/task-events", { method: "POST", body }));
  expect(response.status).toBe(401);
  expect(seen).toEqual([]);
});

test("a subscription unknown to the catalogue does not start", () => {
  const options = { state: memoryState().state, log: silentLog, handle: async () => [] };
  expect(() => subscribe({ ...options, service: "web", topic: "reminders" })).toThrow("knows no subscription of web");
});
