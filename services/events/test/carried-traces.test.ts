import { expect, test } from "bun:test";
import { localInvoker } from "@carillon/adapters/local";
import { parseTraceparent, silentLog, traceparentOf } from "@carillon/kit/observe";
import type { Message, State } from "@carillon/kit/ports";
import { createInternalService, createService } from "@carillon/kit/service";
import { eventOf } from "@carillon/testing/events";
import { keepSpans } from "@carillon/testing/kept-spans";
import { subscribe } from "../src/consume/subscribe.ts";
import { done, type Handle, oneByOne } from "../src/consume/verdict.ts";
import { publishTraced } from "../src/publish/publish-traced.ts";

const [anna, bert] = ["0199a8c2-7f3e-7b61-9d4c-3a5e8f102b77", "0199a8c2-7f3e-7b61-9d4c-3a5e8f102b78"];
const appToken = "token";
const traceparentFor = (digit: string): string => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`;
const state: State = { get: async () => null, set: async () => true, delete: async () => {} };

const serviceOf = (name: "api" | "web" | "recurring" | "audit") =>
  createService({ name, log: silentLog, appToken, parameters: { id: "name" } });

/** api's internal door with one route, which recurring may call. */
const neighbour = (method: "PUT" | "POST", path: `/internal/${string}`, status: number) =>
  createInternalService({
    name: "api",
    log: silentLog,
    appToken,
    routes: [{ method, path, callers: ["recurring"], handle: () => new Response("{}", { status }) }],
  });

test("a call is a span within the caller's, and its answer one within the call's, named by the route and without ids", async () => {
  using kept = keepSpans();
  const api = neighbour("PUT", "/internal/tasks/:id", 412);
  const invoke = localInvoker({ doors: { api }, appToken, from: "recurring" });
  const question = () => new Request(`http://localhost/internal/tasks/${anna}?q=secret`, { method: "PUT" });
  const recurring = serviceOf("recurring").post("/x", async () => ({ ok: (await invoke.call("api", question())).ok }));
  const answer = await recurring.handle(
    new Request("http://localhost/x", { method: "POST", headers: { traceparent: traceparentFor("a") } }),
  );
  const answered = kept.named("PUT /internal/tasks/:id");
  expect(kept.path(answered)).toEqual([
    "recurring server POST /x",
    "recurring client PUT api",
    "api server PUT /internal/tasks/:id",
  ]);
  expect(answered.trace.traceId).toBe("a".repeat(32));
  expect(answer.headers.get("traceparent")).toBe(traceparentOf(kept.named("POST /x").trace));
  expect(kept.named("PUT api")).toMatchObject({ failed: "412", attributes: { "http.response.status_code": 412 } });
  expect(kept.spans.every(({ ended }) => ended)).toBe(true);
  expect(JSON.stringify(kept.spans)).not.toContain(anna);
  expect(JSON.stringify(kept.spans)).not.toContain("secret");
});

const published = async (messages: Message[]) => {
  const sent: Message[] = [];
  await publishTraced({ publish: async (some) => void sent.push(...some) }, "api", messages);
  return sent.map(({ event }) => event);
};

test("an event is passed on with the span of its publication, in the trace of its change", async () => {
  using kept = keepSpans();
  const event = eventOf(anna, 1, { traceparent: traceparentFor("a") });
  const [handedOn] = await published([{ topic: "task-events", key: anna, event }]);
  const send = kept.named("send task-events");
  expect(handedOn).toEqual({ ...event, traceparent: traceparentOf(send.trace) });
  expect(send.parent).toEqual(parseTraceparent(event.traceparent));
  expect(kept.path(kept.named("publish"))).toEqual(["api producer send task-events", "api client publish"]);
});

test("events of several changes are published together and stay in their own traces", async () => {
  using kept = keepSpans();
  const events = ["a", "b"].map((digit, at) =>
    eventOf([anna, bert][at] ?? anna, 1, { traceparent: traceparentFor(digit) }),
  );
  const sent = await published(events.map((event) => ({ topic: "task-events", key: event.partitionkey, event })));
  expect(sent.map(({ traceparent }) => traceparent?.split("-")[1])).toEqual(["a".repeat(32), "b".repeat(32)]);
  const publish = kept.named("publish");
  expect(publish.parent).toBeNull();
  expect(publish.links.map(({ traceId }) => traceId)).toEqual(["a".repeat(32), "b".repeat(32)]);
});

test("without a recorder, an event is published as it was written", async () => {
  const event = eventOf(anna, 1, { traceparent: traceparentFor("a") });
  expect(await published([{ topic: "task-events", key: anna, event }])).toEqual([event]);
});

async function deliver(events: unknown[], handle: Handle<unknown>) {
  const door = createInternalService({
    name: "recurring",
    log: silentLog,
    appToken,
    routes: [subscribe({ service: "recurring", topic: "task-events", state, log: silentLog, handle })],
  });
  const entries = events.map((event, at) => ({
    entryId: `e${at}`,
    contentType: "application/cloudevents+json",
    event,
  }));
  const response = await door.handle(
    new Request("http://localhost/events/task-events", {
      method: "POST",
      headers: { "content-type": "application/json", "dapr-api-token": appToken },
      body: JSON.stringify({ id: "b", topic: "task-events", pubsubname: "kafka-pubsub", entries }),
    }),
  );
  return response.json();
}

test("events of several users in one delivery are handled each in its own trace, including the calls made for them", async () => {
  using kept = keepSpans();
  const api = neighbour("POST", "/internal/x/:id", 200);
  const invoke = localInvoker({ doors: { api }, appToken, from: "recurring" });
  const call = (id: string) => invoke.call("api", new Request(`http://localhost/internal/x/${id}`, { method: "POST" }));
  const events = ["a", "b", "c"].map((digit, at) =>
    eventOf([anna, bert, anna][at] ?? anna, at + 1, { traceparent: traceparentFor(digit) }),
  );
  await deliver(
    events,
    oneByOne(async ({ id }) => ((await call(id)).ok ? done : { kind: "drop", reason: "" })),
  );
  const answers = kept.spans.filter(({ name }) => name === "POST /internal/x/:id");
  expect(answers.map((span) => span.trace.traceId[0])).toEqual(["a", "b", "c"]);
  for (const answer of answers)
    expect(kept.path(answer)).toEqual([
      "recurring consumer process task-events",
      "recurring client POST api",
      "api server POST /internal/x/:id",
    ]);
  const delivery = kept.named("POST /events/task-events");
  const processed = kept.spans.filter(({ kind }) => kind === "consumer");
  expect(processed.map(({ parent }) => parent)).toEqual(events.map(({ traceparent }) => parseTraceparent(traceparent)));
  expect(processed.map(({ links }) => links)).toEqual([[delivery.trace], [delivery.trace], [delivery.trace]]);
});

test("an event that is not handled is a failed span with its verdict", async () => {
  using kept = keepSpans();
  await deliver([eventOf(anna, 1), eventOf(bert, 1)], async () => [
    done,
    { kind: "drop", reason: "the title says: Call mum" },
  ]);
  const processed = kept.spans.filter(({ kind }) => kind === "consumer");
  expect(processed.map(({ failed, attributes }) => [failed, attributes["carillon.verdict"]])).toEqual([
    [null, "done"],
    ["drop", "drop"],
  ]);
  expect(JSON.stringify(kept.spans)).not.toContain("Call mum");
});
