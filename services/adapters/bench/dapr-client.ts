/**
 * `STACK_DIR=… bun services/adapters/bench/dapr-client.ts`: the cost of Dapr's own client, compared on
 * the real Dapr and Kafka. "plain" is a request written by hand on our transport, "adapter" our
 * adapters (its building blocks on our transport), "whole" its DaprClient.
 */
import { join } from "node:path";
import { pubsubName, slotCount } from "@carillon/contracts/names";
import { productResource, withSettings } from "@carillon/testing/dapr-files";
import { openDaprStack } from "@carillon/testing/dapr-stack";
import { testDatabase } from "@carillon/testing/database";
import { startKafka } from "@carillon/testing/kafka";

import state = require("@dapr/dapr/implementation/Client/HTTPClient/state");

import type { EventBus, Invoker, Message } from "@carillon/kit/ports";
import { eventOf } from "@carillon/testing/events";
import { CommunicationProtocolEnum, DaprClient, HttpMethod } from "@dapr/dapr";
import { daprBus, daprInvoker } from "../src/dapr/index.ts";
import { askThrough } from "../src/dapr/sdk.ts";
import { askSidecar, type ToSidecar } from "../src/dapr/sidecar.ts";

const rounds = Number(process.argv[2] ?? 9);
const callsARound = 100;
const eventsABulk = 250;
const daprToken = "the-sidecars-own-token";

type StateStore = InstanceType<typeof state.default>;
type Way = "plain" | "adapter" | "whole";
type Task = { what: string; calls: number; ways: Record<Way, () => Promise<unknown>> };

const stack = openDaprStack();
const more = ["auto.create.topics.enable=true", `num.partitions=${slotCount}`];
const kafka = await startKafka({ folder: join(stack.folder, "kafka"), more });
async function openTasks() {
  const { url, to } = await startSidecars();
  const whole = new DaprClient({
    daprHost: url.hostname,
    daprPort: url.port,
    communicationProtocol: CommunicationProtocolEnum.HTTP,
    daprApiToken: daprToken,
    logger: { service: { error() {}, warn() {}, info() {}, verbose() {}, debug() {} } },
  });
  const plain = async (method: string, path: string, body?: unknown) => {
    const text = body === undefined ? null : JSON.stringify(body);
    const answer = await askSidecar(to, { method, path, body: text, timeoutMs: 5_000, away: "No sidecar." });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    return answer.text;
  };
  const events = eventsFor({ bus: daprBus(to), whole, plain });
  await untilTaken(() => events.publish());
  const all = [...events.tasks, stateTask(to, whole, plain)];
  return {
    all: [...all, ...callTasks(daprInvoker(to), whole, plain)],
    failedWithoutBroker: events.failedWithoutBroker,
  };
}

type Plain = (method: string, path: string, body?: unknown) => Promise<string>;

/** `recurring` calls `api`; their components are the product's. */
async function startSidecars() {
  const component = withSettings(productResource(`${pubsubName}.yaml`), {
    brokers: kafka.brokers,
    consumerGroup: "bench",
    allowedTopics: null,
    protectedTopics: null,
    publishingScopes: null,
    subscriptionScopes: null,
  });
  const database = await testDatabase({ migrations: ["state"], isStateOfSidecars: true });
  const store = withSettings(productResource("statestore.yaml"), { connectionString: database.urlFor("state") });
  const app = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => Response.json({ outcome: "made" }) });
  await stack.startSidecar({ appId: "api", appPort: app.port ?? 0, resources: [], daprToken });
  const { url } = await stack.startSidecar({ appId: "recurring", resources: [component, store], daprToken });
  return { url, to: { sidecar: url, daprToken, fetch: (request: Request) => fetch(request) } };
}

/** The first call creates the topic, and the broker rejects messages meanwhile. */
async function untilTaken(publish: () => Promise<void>): Promise<void> {
  for (const startedAt = performance.now(); ; await Bun.sleep(200)) {
    try {
      return await publish();
    } catch (error) {
      if (performance.now() - startedAt > 30_000) throw error;
    }
  }
}

function eventsFor({ bus, whole, plain }: { bus: EventBus; whole: DaprClient; plain: Plain }) {
  const messages: Message[] = Array.from({ length: eventsABulk }, () => {
    const key = crypto.randomUUID();
    return { topic: "task-events", key, event: { ...eventOf(key, 1), subject: "x".repeat(600) } };
  });
  const entries = (count = eventsABulk) =>
    messages.slice(0, count).map(({ key, event }, at) => ({
      entryID: String(at),
      event: JSON.stringify(event),
      contentType: "text/plain",
      metadata: { partitionKey: key },
    }));
  const path = `/v1.0-alpha1/publish/bulk/${pubsubName}/task-events?metadata.rawPayload=true`;
  const wholeBulk = (count?: number) =>
    whole.pubsub.publishBulk(pubsubName, "task-events", entries(count), { rawPayload: "true" });
  const one = messages.slice(0, 1);
  const single = () => ({
    contentType: "text/plain",
    metadata: { rawPayload: "true", partitionKey: one[0]?.key ?? "" },
  });
  const bulk = {
    what: `publish ${eventsABulk} events of 1 kB in bulk`,
    calls: 10,
    ways: {
      plain: () => plain("POST", path, entries()),
      adapter: () => bus.publish(messages),
      whole: () => wholeBulk(),
    },
  };
  const alone = {
    what: "publish one event (whole: its publish, not in bulk)",
    calls: callsARound,
    ways: {
      plain: () => plain("POST", path, entries(1)),
      adapter: () => bus.publish(one),
      whole: () => whole.pubsub.publish(pubsubName, "task-events", JSON.stringify(one[0]?.event), single()),
    },
  };
  return {
    tasks: [bulk, alone] satisfies Task[],
    publish: () => bus.publish(messages),
    failedWithoutBroker: async () => (await wholeBulk(3)).failedMessages.length,
  };
}

/** "adapter" is what one on the building block would be: it costs too much, and ours is written by hand. */
function stateTask(to: ToSidecar, whole: DaprClient, plain: Plain): Task {
  const through = async (ask: (store: StateStore) => Promise<unknown>) =>
    askThrough(to, { timeoutMs: 5_000, away: "No sidecar." }, async (client) => ask(new state.default(client)));
  return {
    what: "set and get a state",
    calls: callsARound,
    ways: {
      plain: async () => {
        await plain("POST", "/v1.0/state/statestore", [{ key: "a", value: { attempts: 1 } }]);
        JSON.parse(await plain("GET", "/v1.0/state/statestore/a"));
      },
      adapter: async () => {
        await through((store) => store.save("statestore", [{ key: "a", value: { attempts: 1 } }]));
        JSON.parse((await through((store) => store.get("statestore", "a"))).text);
      },
      whole: async () => {
        await whole.state.save("statestore", [{ key: "a", value: { attempts: 1 } }]);
        await whole.state.get("statestore", "a");
      },
    },
  };
}

function callTasks(invoker: Invoker, whole: DaprClient, plain: Plain): Task[] {
  return [
    {
      what: "call a neighbour",
      calls: callsARound,
      ways: {
        plain: () => plain("PUT", "/v1.0/invoke/api/method/internal/tasks/1", { a: 1 }),
        adapter: () =>
          invoker.call("api", new Request("http://localhost/internal/tasks/1", { method: "PUT", body: '{"a":1}' })),
        whole: () => whole.invoker.invoke("api", "internal/tasks/1", HttpMethod.PUT, { a: 1 }),
      },
    },
    {
      what: "is the sidecar there? (whole: its isHealthy, by /metadata)",
      calls: callsARound,
      ways: {
        plain: () => plain("GET", "/v1.0/healthz/outbound"),
        adapter: () => plain("GET", "/v1.0/healthz/outbound"),
        whole: () => whole.health.isHealthy(),
      },
    },
  ];
}

/** Takes turns, so that a busy moment of the machine meets all of them. */
async function compare({ what, calls, ways }: Task): Promise<void> {
  const names = Object.keys(ways) as Way[];
  const tookMs: Record<Way, number[]> = { plain: [], adapter: [], whole: [] };
  for (let round = 0; round <= rounds; round++) {
    for (const way of names.map((_, at) => names[(at + round) % names.length] ?? "plain")) {
      const startedAt = performance.now();
      for (let call = 0; call < calls; call++) await ways[way]();
      // The first round warms up.
      if (round > 0) tookMs[way].push((performance.now() - startedAt) / calls);
    }
  }
  const base = median(tookMs.plain);
  const figure = (way: Way) => `${way} ${median(tookMs[way]).toFixed(2)} ms (${percent(median(tookMs[way]), base)})`;
  say(what, names.map(figure).join("  "));
}

/** The cost for a process before its first call, each time in a new one. */
async function compareStart(): Promise<void> {
  const folder = join(import.meta.dir, "../src/dapr");
  const loads = { plain: ["sidecar.ts"], adapter: ["sidecar.ts", "sdk.ts"], whole: ["sidecar.ts", "@dapr/dapr"] };
  const found = { plain: [], adapter: [], whole: [] } as Record<Way, { ms: number; megabytes: number }[]>;
  for (let round = 0; round < 5; round++) {
    for (const way of Object.keys(loads) as Way[]) {
      const modules = loads[way].map((name) =>
        name.startsWith("@") ? Bun.resolveSync(name, folder) : join(folder, name),
      );
      const script = `const t = performance.now(); ${modules.map((name) => `await import(${JSON.stringify(name)});`).join(" ")}
        const ms = performance.now() - t; Bun.gc(true); console.log(JSON.stringify({ ms, megabytes: process.memoryUsage.rss() / 1e6 }));`;
      const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe" });
      found[way].push(JSON.parse(await new Response(child.stdout).text()));
    }
  }
  const ofAll = (read: (one: { ms: number; megabytes: number }) => number, unit: string) =>
    (Object.keys(found) as Way[]).map((way) => `${way} ${median(found[way].map(read)).toFixed(0)} ${unit}`).join("  ");
  say(
    "loading it",
    ofAll(({ ms }) => ms, "ms"),
  );
  say(
    "memory once it is loaded",
    ofAll(({ megabytes }) => megabytes, "MB"),
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function percent(value: number, base: number): string {
  const more = Math.round((value / base - 1) * 100);
  return `${more < 0 ? "−" : "+"}${Math.abs(more)} %`;
}

function say(what: string, figures: string): void {
  process.stdout.write(`${what.padEnd(58)} ${figures}\n`);
}

try {
  const task = await openTasks();
  for (const one of task.all) await compare(one);
  await compareStart();
  await kafka.kill();
  say("of 3 events no broker took, the whole client says failed", String(await task.failedWithoutBroker()));
} finally {
  await kafka.kill();
  await stack.close();
}
// The client keeps its connections open.
process.exit(0);
