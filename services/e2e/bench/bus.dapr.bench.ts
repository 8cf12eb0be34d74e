/**
 * `STACK_DIR=… bun services/e2e/bench/bus.dapr.bench.ts`: the event bus alone on the real Dapr and
 * Kafka: how many events of 1 kB a second go from `publish` through two sidecars and the broker to
 * a route that does nothing. Exit 1 below the limit.
 */
import { join } from "node:path";
import { daprBus } from "@carillon/adapters/dapr";
import { type Subscription, subscriptions } from "@carillon/contracts/catalog";
import { subscriptionFile } from "@carillon/contracts/dapr-subscriptions";
import { pubsubName, slotCount } from "@carillon/contracts/names";
import type { Message } from "@carillon/kit/ports";
import { productResource, withSettings } from "@carillon/testing/dapr-files";
import { openDaprStack, type Resource } from "@carillon/testing/dapr-stack";
import { startKafka } from "@carillon/testing/kafka";
import { until } from "@carillon/testing/until";
import { createFigures } from "../src/figures.ts";
import { eventFor } from "../src/outbox-rows.ts";

const seconds = Number(process.env.SECONDS ?? 20);
const users = 200;
const batch = 500;
/** The number of the relay's loops. */
const lanes = 2;
const bar = 3_000;

const figures = createFigures();
const daprToken = "the-sidecars-own-token";
const stack = openDaprStack();
const more = ["auto.create.topics.enable=true", `num.partitions=${slotCount}`];
const kafka = await startKafka({ folder: join(stack.folder, "kafka"), more });

const component = (group: string): Resource =>
  withSettings(productResource(`${pubsubName}.yaml`), {
    brokers: kafka.brokers,
    consumerGroup: group,
    allowedTopics: null,
    protectedTopics: null,
    publishingScopes: null,
    subscriptionScopes: null,
  });

/** A consumer that only counts, subscribed as the product's own. */
async function subscriber(subscription: Subscription) {
  let heard = 0;
  const app = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      if (request.method !== "POST") return new Response(null, { status: 404 });
      const body: { entries?: { entryId: string }[] } = await request.json();
      heard += body.entries?.length ?? 1;
      if (!body.entries) return Response.json({ status: "SUCCESS" });
      return Response.json({ statuses: body.entries.map(({ entryId }) => ({ entryId, status: "SUCCESS" })) });
    },
  });
  // What our own generator wrote.
  const { scopes: _, ...file } = Bun.YAML.parse(subscriptionFile(subscription)) as Resource;
  const resources = [component(subscription.service), file, productResource("resiliency.yaml")];
  await stack.startSidecar({ appId: subscription.service, appPort: app.port ?? 0, resources, daprToken });
  return { heard: () => heard };
}

try {
  const audit = subscriptions.find(({ service }) => service === "audit");
  if (!audit) throw new Error("The catalogue has no subscription of audit.");
  const publisher = await stack.startSidecar({ appId: "api", resources: [component("api")], daprToken });
  const bus = daprBus({ sidecar: publisher.url, daprToken, fetch: (request) => fetch(request) });
  const { heard } = await subscriber(audit);
  const ids = Array.from({ length: users }, () => crypto.randomUUID());
  let published = 0;
  const publish = async (lane: number, until: number) => {
    const own = ids.filter((_, at) => at % lanes === lane);
    for (let seq = 1; performance.now() < until; seq++) {
      const messages: Message[] = Array.from({ length: batch }, (_, at) => {
        const key = own[at % own.length] ?? "";
        return { topic: "task-events", key, event: eventFor(key, seq * batch + at) };
      });
      await bus.publish(messages);
      published += messages.length;
    }
  };
  const run = async (ms: number) => {
    const [before, startedAt] = [published, performance.now()];
    await Promise.all(Array.from({ length: lanes }, (_, lane) => publish(lane, startedAt + ms)));
    const publishedMs = performance.now() - startedAt;
    await until("every event has arrived", () => heard() >= published, 120_000);
    const arrivedMs = performance.now() - startedAt;
    return { count: published - before, publishedMs, arrivedMs };
  };
  await run(3_000);
  const { count, publishedMs, arrivedMs } = await run(seconds * 1_000);
  const rate = Math.round((count / arrivedMs) * 1_000);
  figures.say("published", `${Math.round((count / publishedMs) * 1_000)} /s`);
  figures.hold(`publish → route, ${count} events of 1 kB, ${users} users`, `${rate} /s`, `≥ ${bar} /s`, rate >= bar);
} finally {
  await kafka.kill();
  await stack.close();
}
figures.finish();
