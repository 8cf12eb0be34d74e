import { expect, test } from "bun:test";
import { subscriptionsOf } from "@carillon/contracts/catalog";
import { ada, bob, event, readEvents, seen, startRealtime } from "./harness.ts";

const bearer = { authorization: "Bearer ada" };

async function listening() {
  const realtime = startRealtime();
  realtime.api.signIn("ada", ada);
  return { realtime, stream: readEvents(await realtime.open(bearer)) };
}

test("the catalogue's route is the one that is served", () => {
  expect(subscriptionsOf("task-updates").map(({ service, route }) => [service, route])).toEqual([
    ["realtime", "/events/task-updates"],
  ]);
});

test("a bulk of events is forwarded in order, with a status for each", async () => {
  const { realtime, stream } = await listening();
  const response = await realtime.deliverBulk([event(ada, 1), event(bob, 1), event(ada, 2)]);
  expect(await response.json()).toEqual({
    statuses: ["0", "1", "2"].map((entryId) => ({ entryId, status: "SUCCESS" })),
  });
  expect(await stream.take(2)).toEqual([seen(1), seen(2)]);
});

test("a single event is forwarded too", async () => {
  const { realtime, stream } = await listening();
  const response = await realtime.post(event(ada, 1), "application/cloudevents+json");
  expect(await response.json()).toEqual({ status: "SUCCESS" });
  expect(await stream.next()).toEqual(seen(1));
});

test("an event that cannot be read is dropped, and the others are handled", async () => {
  const { realtime, stream } = await listening();
  const response = await realtime.deliverBulk([
    event(ada, 1, { change_seq: "one" }),
    event(ada, 2, { user_id: "ada" }),
    event(ada, 3),
  ]);
  const { statuses } = (await response.json()) as { statuses: { entryId: string; status: string }[] };
  expect(statuses.map(({ entryId, status }) => [entryId, status])).toEqual([
    ["0", "DROP"],
    ["1", "DROP"],
    ["2", "SUCCESS"],
  ]);
  expect(await stream.next()).toEqual(seen(3));
});

test("fields added later to an event do no harm", async () => {
  const { realtime, stream } = await listening();
  await realtime.deliver(event(ada, 1, { invented: { in: "the future" } }));
  expect(await stream.next()).toEqual(seen(1));
});

test("events are accepted from the sidecar only", async () => {
  const { realtime } = await listening();
  const response = await realtime.post(event(ada, 1), "application/cloudevents+json", "guessed");
  expect(response.status).toBe(401);
});

test("realtime is ready as soon as it listens, whatever api does", async () => {
  const { realtime } = await listening();
  realtime.api.away = true;
  for (const path of ["/health", "/health/live", "/health/ready", "/ready"]) {
    expect((await realtime.app.handle(new Request(`http://localhost${path}`))).status).toBe(200);
  }
});

test("open streams are counted by kind", async () => {
  const { realtime, stream } = await listening();
  const gauge = async () => {
    const text = await (await realtime.internal.handle(new Request("http://localhost/metrics"))).text();
    return Number(/realtime_open_streams\{kind="sse"\} (\d+)/.exec(text)?.[1]);
  };
  const before = await gauge();
  const another = await realtime.open(bearer);
  expect(await gauge()).toBe(before + 1);
  await another.body?.cancel();
  expect(await gauge()).toBe(before);
  await stream.leave();
});
