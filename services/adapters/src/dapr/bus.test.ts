import { expect, test } from "bun:test";
import type { Message } from "@carillon/kit/ports";
import { eventOf } from "@carillon/testing/events";
import { daprBus } from "./bus.ts";

const [anna, bert] = ["0199a8c2-7f3e-7b61-9d4c-3a5e8f102b77", "0199a8c2-7f3e-7b61-9d4c-3a5e8f102b78"];
const message = (key: string, changeSeq: number, topic: Message["topic"] = "task-events"): Message => ({
  topic,
  key,
  event: eventOf(key, changeSeq),
});

type Call = { path: string; users: string[]; token: string | null; entries: { event: string; metadata: unknown }[] };

/** A sidecar that answers as the test says, and records its requests. */
function sidecar(answer: (call: Call) => Response | Promise<Response>) {
  const calls: Call[] = [];
  let under = 0;
  let most = 0;
  const noted: [string, boolean][] = [];
  const bus = daprBus({
    sidecar: new URL("http://127.0.0.1:3500"),
    daprToken: "secret",
    note: (component, works) => noted.push([component, works]),
    topicName: (topic) => `our-${topic}`,
    timeoutMs: 50,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const entries: Call["entries"] = JSON.parse(await request.text());
      const users = entries.map(({ event }) => String(JSON.parse(event).partitionkey));
      const call = { path: pathname + search, users, token: request.headers.get("dapr-api-token"), entries };
      calls.push(call);
      most = Math.max(most, ++under);
      await Bun.sleep(1);
      under--;
      return answer(call);
    },
  });
  return { bus, calls, noted, most: () => most };
}

const taken = () => new Response(null, { status: 204 });

test("events go in bulk as the bytes they are, each with its user as partition key", async () => {
  const { bus, calls, noted } = sidecar(taken);
  const one = message(anna, 1);
  await bus.publish([one]);
  expect(calls).toEqual([
    {
      path: "/v1.0-alpha1/publish/bulk/kafka-pubsub/our-task-events?metadata.rawPayload=true",
      users: [anna],
      token: "secret",
      entries: [
        { entryID: "0", event: JSON.stringify(one.event), contentType: "text/plain", metadata: { partitionKey: anna } },
      ] as never,
    },
  ]);
  expect(noted).toEqual([["pubsub", true]]);
});

test("G4: a call has one event of a user at most, and the next waits for its answer; topics go in parallel", async () => {
  const { bus, calls, most } = sidecar(taken);
  await bus.publish([
    message(anna, 1),
    message(anna, 1, "task-updates"),
    message(bert, 1),
    message(anna, 2),
    message(anna, 3),
  ]);
  expect(calls.map(({ users }) => users)).toEqual([[anna, bert], [anna], [anna], [anna]]);
  expect(most()).toBe(2);
});

test("no call is more than the sidecar takes", async () => {
  const { bus, calls } = sidecar(taken);
  const many = Array.from({ length: 600 }, () => message(crypto.randomUUID(), 1));
  await bus.publish(many);
  expect(calls.map(({ users }) => users.length)).toEqual([250, 250, 100]);
  const large = Array.from({ length: 6 }, () => {
    const one = message(crypto.randomUUID(), 1);
    return { ...one, event: { ...one.event, subject: "x".repeat(300_000) } };
  });
  await bus.publish(large);
  expect(calls.slice(3).map(({ users }) => users.length)).toEqual([3, 3]);
});

test("a partial, rejected or unanswered publication is unavailable, and nothing later is sent", async () => {
  const unavailable = { name: "Problem", code: "unavailable" };
  const inPart = () => Response.json({ failedEntries: [{ entryId: "0", error: "away" }] }, { status: 500 });
  for (const answer of [inPart, () => new Response(null, { status: 207 }), () => new Response(null, { status: 200 })]) {
    const { bus, calls, noted } = sidecar(answer);
    await expect(bus.publish([message(anna, 1), message(anna, 2)])).rejects.toMatchObject(unavailable);
    expect(calls).toHaveLength(1);
    expect(noted).toEqual([["pubsub", false]]);
  }
  const gone = daprBus({
    sidecar: new URL("http://127.0.0.1:3500"),
    daprToken: "",
    timeoutMs: 20,
    fetch: ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  });
  await expect(gone.publish([message(anna, 1)])).rejects.toMatchObject(unavailable);
});

test("without messages no call is made", async () => {
  const { bus, calls } = sidecar(taken);
  await bus.publish([]);
  expect(calls).toEqual([]);
});
