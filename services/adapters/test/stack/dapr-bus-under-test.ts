import { join } from "node:path";
import type { Subscription } from "@carillon/contracts/catalog";
import { subscriptionFile } from "@carillon/contracts/dapr-subscriptions";
import { pubsubName, type ServiceName } from "@carillon/contracts/names";
import { broadcastOf, usualNames } from "@carillon/contracts/platform-names";
import { type FailureNote, failureKey } from "@carillon/events/consume";
import type { State } from "@carillon/kit/ports";
import { productResource, withSettings } from "@carillon/testing/dapr-files";
import { type DaprStack, openDaprStack, type Resource, type Sidecar } from "@carillon/testing/dapr-stack";
import { testDatabase } from "@carillon/testing/database";
import { type KafkaBroker, startKafka } from "@carillon/testing/kafka";
import { until } from "@carillon/testing/until";
import { daprBus } from "../../src/dapr/bus.ts";
import { daprState } from "../../src/dapr/state.ts";
import type { Door } from "../../src/local/door.ts";
import type { BusUnderTest, Replica } from "../bus-under-test.ts";
import { partitionOf, partitions, probeOf, probesOf, probeType } from "./probes.ts";

const appToken = "the-apps-own-token";
const daprToken = "the-sidecars-own-token";

/** One broker and one publishing sidecar, shared by all tests of a file; each test has topics of its own. */
export type DaprBroker = { stack: DaprStack; kafka: KafkaBroker; publisher: Sidecar; close(): Promise<void> };

export async function openDaprBroker(): Promise<DaprBroker> {
  const stack = openDaprStack();
  const more = ["auto.create.topics.enable=true", `num.partitions=${partitions}`];
  const kafka = await startKafka({ folder: join(stack.folder, "kafka"), more });
  const database = await testDatabase({ migrations: ["state"], isStateOfSidecars: true });
  const store = withSettings(productResource("statestore.yaml"), { connectionString: database.urlFor("state") });
  const resources = [pubsub(pubsubName, kafka, "publisher"), store];
  const publisher = await stack.startSidecar({ appId: "api", resources, daprToken });
  return {
    stack,
    kafka,
    publisher,
    async close() {
      await kafka.kill();
      await stack.close();
      await database.close();
    },
  };
}

/** The product's component, at this broker, for a group of its own; a test does not wait 10 s for a lost member. */
function pubsub(name: string, kafka: KafkaBroker, group: string): Resource {
  return withSettings(productResource(`${name}.yaml`), {
    brokers: kafka.brokers,
    consumerGroup: group,
    sessionTimeout: "6s",
    heartbeatInterval: "1s",
    allowedTopics: null,
    protectedTopics: null,
    publishingScopes: null,
    subscriptionScopes: null,
  });
}

export type DaprBusUnderTest = BusUnderTest & {
  broker: DaprBroker;
  topicName: (topic: string) => string;
};

let opened = 0;

/** The adapter with topics of its own at the shared broker. */
export async function openDaprBus(
  broker: DaprBroker,
  subscriptions: readonly Subscription[],
): Promise<DaprBusUnderTest> {
  const suffix = `.t${++opened}`;
  const topicName = (topic: string): string => topic + suffix;
  const { publisher } = broker;
  const toSidecar = { sidecar: publisher.url, daprToken, fetch: (request: Request) => fetch(request) };
  const bus = daprBus({ ...toSidecar, topicName });
  const state = daprState({ ...toSidecar, store: "statestore" });
  const closing: (() => Promise<unknown>)[] = [];
  const rig: ServiceRig = { broker, bus, subscriptions, suffix, topicName, closing };
  const letterTopics = subscriptions.flatMap(({ deadLetter }) => deadLetter ?? []);
  for (const topic of [...subscriptions.map((one) => one.topic), ...letterTopics]) await makeTopic(topicName(topic));

  /** The broker creates a topic when something is sent to it, and rejects messages meanwhile. */
  async function makeTopic(name: string): Promise<void> {
    const key = crypto.randomUUID();
    const toIt = daprBus({ ...toSidecar, topicName: () => name });
    await until(`there is ${name}`, () =>
      toIt.publish([{ topic: "task-events", key, event: probeOf(key) }]).then(
        () => true,
        () => false,
      ),
    );
  }

  async function startAll(doors: Partial<Record<ServiceName, Door>>) {
    const entries = Object.entries(doors) as [ServiceName, Door][];
    return Promise.all(entries.map(([service, door]) => startService(rig, service, door)));
  }

  return {
    broker,
    topicName,
    bus,
    awayBus: daprBus({ ...toSidecar, sidecar: new URL("http://127.0.0.1:1") }),
    state,
    appToken,
    apart: usersApart,
    async start(doors): Promise<Replica> {
      const ends = await startAll(doors);
      return { stop: async () => void (await Promise.all(ends.map((end) => end("stop")))) };
    },
    async startKillable(doors) {
      const ends = await startAll(doors);
      return { kill: async () => void (await Promise.all(ends.map((end) => end("kill")))) };
    },
    deadLetters: letterReader({ broker, topicName, state, closing }),
    async close() {
      await Promise.all(closing.splice(0).map((close) => close()));
    },
  };
}

type ServiceRig = Pick<DaprBusUnderTest, "broker" | "bus" | "topicName"> & {
  subscriptions: readonly Subscription[];
  suffix: string;
  closing: (() => Promise<unknown>)[];
};

/** A service with a sidecar of its own; answers how it ends. */
async function startService(rig: ServiceRig, service: ServiceName, door: Door) {
  const { broker, bus, subscriptions, suffix, topicName, closing } = rig;
  const subscription = subscriptions.find((one) => one.service === service);
  if (!subscription) throw new Error(`${service} subscribes to nothing`);
  const probes = probesOf(bus, subscription.topic);
  const app = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    fetch: (request) => probes.passOn(door, request),
  });
  const component = subscription.broadcast ? broadcastOf(usualNames) : pubsubName;
  const group = subscription.broadcast ? `${service}${suffix}-${app.port}` : service + suffix;
  const sidecar = await broker.stack.startSidecar({
    appId: service,
    appPort: app.port ?? 0,
    resources: [
      pubsub(component, broker.kafka, group),
      renamed(subscriptionFile(subscription), topicName),
      impatient(productResource("resiliency.yaml")),
    ],
    appToken,
    daprToken,
  });
  // A consumer that reads only new messages must be there before they are sent.
  if (subscription.broadcast) await probes.untilHeard();
  let ended: Promise<void> | null = null;
  const end = (how: "stop" | "kill"): Promise<void> => {
    ended ??= sidecar[how]().then(() => app.stop(true));
    return ended;
  };
  closing.push(() => end("kill"));
  return end;
}

/** The subscription for a test's topics. */
function renamed(yaml: string, topicName: (topic: string) => string): Resource {
  // What our own generator has just written.
  const { scopes: _, ...resource } = Bun.YAML.parse(yaml) as Resource & {
    spec: { topic: string; deadLetterTopic?: string };
  };
  const { spec } = resource;
  const letters = spec.deadLetterTopic === undefined ? {} : { deadLetterTopic: topicName(spec.deadLetterTopic) };
  return { ...resource, spec: { ...spec, topic: topicName(spec.topic), ...letters } };
}

/** The product's policy, ten times as fast. */
function impatient(resiliency: Resource): Resource {
  return JSON.parse(JSON.stringify(resiliency).replace('"duration":"500ms"', '"duration":"50ms"'));
}

/** Users of different partitions: a failure at the broker's consumer delays its partition. */
function usersApart(): [string, string] {
  const first = crypto.randomUUID();
  for (;;) {
    const second = crypto.randomUUID();
    if (partitionOf(second) !== partitionOf(first)) return [first, second];
  }
}

type LetterOptions = {
  broker: DaprBroker;
  topicName: (topic: string) => string;
  state: State;
  closing: (() => Promise<unknown>)[];
};

/** Reads dead letters as any subscriber would, from the first call on; their reasons are in the failure notes. */
function letterReader({ broker, topicName, state, closing }: LetterOptions): BusUnderTest["deadLetters"] {
  const letters = new Map<string, string[]>();

  async function read(topic: string): Promise<string[]> {
    const ids: string[] = [];
    const app = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      async fetch(request) {
        if (request.method !== "POST") return new Response(null, { status: 404 });
        const event = (await request.json()) as { id: string; type: string };
        if (event.type !== probeType) ids.push(event.id);
        return Response.json({ status: "SUCCESS" });
      },
    });
    const subscription: Resource = {
      apiVersion: "dapr.io/v2alpha1",
      kind: "Subscription",
      metadata: { name: "letters" },
      spec: { pubsubname: pubsubName, topic: topicName(topic), routes: { default: "/letters" } },
    };
    const sidecar = await broker.stack.startSidecar({
      appId: "letters",
      appPort: app.port ?? 0,
      resources: [pubsub(pubsubName, broker.kafka, `letters-${topicName(topic)}`), subscription],
    });
    closing.push(() => sidecar.kill().then(() => app.stop(true)));
    return ids;
  }

  return async (topic) => {
    const known = letters.get(topic) ?? (await read(topic));
    letters.set(topic, known);
    return Promise.all(
      known.map(async (eventId) => {
        const note = await state.get<FailureNote>(failureKey("audit", eventId));
        return { eventId, reason: note?.value.last_error ?? null };
      }),
    );
  };
}
