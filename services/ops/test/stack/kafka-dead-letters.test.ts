import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { daprState } from "@carillon/adapters/dapr";
import { subscriptions } from "@carillon/contracts/catalog";
import { subscriptionFile } from "@carillon/contracts/dapr-subscriptions";
import type { CloudEvent } from "@carillon/contracts/event";
import { usualNames } from "@carillon/contracts/platform-names";
import { type FailureNote, failureKey, subscribe } from "@carillon/events/consume";
import { silentLog } from "@carillon/kit/observe";
import { createInternalService } from "@carillon/kit/service";
import { productResource, withSettings } from "@carillon/testing/dapr-files";
import { openDaprStack, type Resource, type Sidecar } from "@carillon/testing/dapr-stack";
import { testDatabase } from "@carillon/testing/database";
import { type KafkaBroker, startKafka } from "@carillon/testing/kafka";
import { until } from "@carillon/testing/until";
import type { Producer } from "kafkajs";
import { connectBroker, withAdmin } from "../../src/broker/connect.ts";
import { applyTopics } from "../../src/topics/apply-topics.ts";
import { eventOf } from "../task-event.ts";

setDefaultTimeout(180_000);

const [appToken, daprToken] = ["the-apps-own-token", "the-sidecars-own-token"];
const stack = openDaprStack();
const database = await testDatabase({ migrations: ["state", "api"], isStateOfSidecars: true });
let broker: KafkaBroker;
let producer: Producer;
let sidecar: Sidecar;
let close = async () => {};

/** A consumer like audit: it rejects what `poison` names, and applies everything else once, by the event's id. */
const poison = new Map<string, string>();
const trouble = new Set<string>();
const handled: string[] = [];
const inbox = new Set<string>();
const effects: string[] = [];

beforeAll(async () => {
  broker = await startKafka({ folder: join(stack.folder, "kafka") });
  const kafka = connectBroker({ brokers: [broker.brokers], tls: false, login: null });
  await withAdmin(kafka, (admin) => applyTopics(admin, { replication: 0, dryRun: false, names: usualNames }));
  const store = withSettings(productResource("statestore.yaml"), { connectionString: database.urlFor("state") });
  const pubsub = withSettings(productResource("kafka-pubsub.yaml"), { brokers: broker.brokers });
  const subscription = subscriptions.find(({ service }) => service === "audit");
  if (!subscription) throw new Error("audit subscribes to nothing");
  // What our own generator has just written.
  const { scopes: _, ...route } = Bun.YAML.parse(subscriptionFile(subscription)) as Resource & { scopes: unknown };
  sidecar = await stack.startSidecar({ appId: "ops", resources: [store], daprToken });
  const app = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => audit.handle(request) });
  await stack.startSidecar({
    appId: "audit",
    appPort: app.port ?? 0,
    resources: [pubsub, route, productResource("resiliency.yaml")],
    appToken,
    daprToken,
  });
  producer = kafka.producer();
  await producer.connect();
  close = async () => {
    await producer.disconnect();
    await app.stop(true);
  };
});
afterAll(async () => {
  await close();
  await broker.kill();
  await stack.close();
  await database.close();
});

const state = () =>
  daprState({ sidecar: sidecar.url, daprToken, fetch: (request) => fetch(request), store: "statestore" });

const audit = createInternalService({
  name: "audit",
  log: silentLog,
  appToken,
  routes: [
    subscribe({
      service: "audit",
      topic: "task-events",
      state: {
        get: (key) => state().get(key),
        set: (key, value, options) => state().set(key, value, options),
        delete: (key) => state().delete(key),
      },
      log: silentLog,
      handle: async (events) =>
        events.map(({ id }) => {
          const reason = poison.get(id);
          if (reason !== undefined) return { kind: "drop", reason };
          if (trouble.has(id)) return { kind: "retry", reason: "the database hiccups" };
          handled.push(id);
          if (!inbox.has(id)) effects.push(id);
          inbox.add(id);
          return { kind: "done" };
        }),
    }),
  ],
});

const publish = (event: CloudEvent | string, key = "ada", topic = "task-events") =>
  producer.send({ topic, messages: [{ key, value: typeof event === "string" ? event : JSON.stringify(event) }] });

/** The command as an operator types it, beside its own sidecar. */
async function ops(line: string) {
  const { PATH = "", HOME = "" } = process.env;
  const main = join(import.meta.dir, "../../src/main.ts");
  const child = Bun.spawn([process.execPath, "--no-env-file", main, ...line.split(" ")], {
    env: {
      PATH,
      HOME,
      KAFKA_BROKERS: broker.brokers,
      DAPR_HTTP_PORT: sidecar.url.port,
      DAPR_API_TOKEN: daprToken,
      // Rows that never reached the bus are dead letters, too.
      DATABASE_URL: database.urlFor("ops"),
    },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { exitCode: await child.exited, out, err };
}

async function json(line: string) {
  const { exitCode, out, err } = await ops(`${line} --json`);
  expect(err).toBe("");
  return { exitCode, data: JSON.parse(out) };
}

type Listed = { id: string; event_id: string | null; settled: string | null };
const listed = async (flags = ""): Promise<Listed[]> => (await json(`dlq list${flags}`)).data.dead_letters;
const letterOf = async (eventId: string, flags = ""): Promise<Listed | undefined> =>
  (await listed(flags)).find(({ event_id }) => event_id === eventId);

/** An event that its consumer rejected and the sidecar parked. */
async function parked(reason = "it holds a NUL character"): Promise<{ event: CloudEvent; letter: string }> {
  const event = eventOf(Bun.randomUUIDv7());
  poison.set(event.id, reason);
  await publish(event, event.partitionkey);
  let letter: Listed | undefined;
  const isThere = async () => {
    letter = await letterOf(event.id);
    return letter !== undefined;
  };
  await until("the letter is there", isThere, 40_000);
  return { event, letter: letter?.id ?? "" };
}

test("G6: a poisoned event is parked within 60 s, listed with its consumer's own words, shown in full; the events behind it continue", async () => {
  const { event, letter } = await parked();
  const { data } = await json("dlq list");
  expect(data).toMatchObject({ count: 1, complete: true });
  expect(data.dead_letters).toMatchObject([
    {
      id: letter,
      topic: "task-events.audit.dlq",
      subscriber: "audit:task-events",
      key: event.partitionkey,
      event_id: event.id,
      reason: "it holds a NUL character",
      settled: null,
      note: { event_id: event.id, last_error: "it holds a NUL character" },
    },
  ]);
  expect(letter).toMatch(/^task-events\.audit\.dlq:\d+:0$/);
  for (const id of [letter, event.id]) {
    const shown = await ops(`dlq show ${id}`);
    expect(shown.out).toContain('"b\\u001b[31m"');
    expect((await json(`dlq show ${id}`)).data).toMatchObject([
      { id: letter, event: { id: event.id, data: event.data } },
    ]);
  }
  const behind = eventOf(event.partitionkey);
  await publish(behind, behind.partitionkey);
  await until("the events behind it are handled", () => handled.includes(behind.id), 40_000);
});

test("a replay reaches the consumer's own route and its verdict is the answer: what fails again stays, with the reason and exit 1", async () => {
  const { event, letter } = await parked("it is too long");
  const again = await json(`dlq replay ${letter}`);
  expect(again).toEqual({
    exitCode: 1,
    data: { dry_run: false, replayed: [], waiting: [], failed: [{ id: letter, reason: "it is too long" }] },
  });
  expect(await letterOf(event.id)).toMatchObject({ settled: null });
  expect(handled).not.toContain(event.id);

  poison.delete(event.id);
  trouble.add(event.id);
  expect((await json(`dlq replay ${event.id}`)).data.failed).toEqual([{ id: letter, reason: "the database hiccups" }]);

  trouble.delete(event.id);
  expect((await json(`dlq replay ${letter} --dry-run`)).data).toEqual({
    dry_run: true,
    replayed: [letter],
    waiting: [],
    failed: [],
  });
  expect(handled).not.toContain(event.id);
  expect(await json(`dlq replay ${letter}`)).toEqual({
    exitCode: 0,
    data: { dry_run: false, replayed: [letter], waiting: [], failed: [] },
  });
  expect(handled.filter((id) => id === event.id)).toHaveLength(1);
});

test("G5: a replayed dead letter is settled: no longer listed unless all are asked for, and not replayed again", async () => {
  const { event, letter } = await parked();
  poison.delete(event.id);
  await ops(`dlq replay ${letter}`);
  expect(await letterOf(event.id)).toBeUndefined();
  expect(await letterOf(event.id, " --all")).toMatchObject({ id: letter, settled: "replayed" });
  expect(await ops(`dlq replay ${letter}`)).toEqual({ exitCode: 1, out: `${letter} was replayed already.\n`, err: "" });
  expect(handled.filter((id) => id === event.id)).toHaveLength(1);
});

test("G5: a replay that died before recording its result is repeated, and applied once", async () => {
  const { event, letter } = await parked();
  poison.delete(event.id);
  await ops(`dlq replay ${letter}`);
  const key = failureKey("audit", event.id);
  const { settled, ...unsettled } = (await state().get<FailureNote>(key))?.value ?? {};
  expect(settled).toBe("replayed");
  await state().set(key, unsettled);
  expect((await json(`dlq replay ${letter}`)).data.replayed).toEqual([letter]);
  expect(handled.filter((id) => id === event.id)).toHaveLength(2);
  expect(effects.filter((id) => id === event.id)).toHaveLength(1);
  expect(await letterOf(event.id)).toBeUndefined();
});

test("an event that fails again after its dead letter was settled is listed again", async () => {
  const { event, letter } = await parked();
  poison.delete(event.id);
  await ops(`dlq replay ${letter}`);
  poison.set(event.id, "broken again");
  await publish(event, event.partitionkey);
  await until("it is there again", async () => (await letterOf(event.id)) !== undefined, 40_000);
  expect((await json(`dlq show ${event.id}`)).data).toHaveLength(2);
});

test("a message that is not an event is listed by its position, cannot be replayed, and can be dropped", async () => {
  await publish("not JSON \u001b[2J", "ada", "task-events.audit.dlq");
  const letter = (await listed()).find(({ event_id }) => event_id === null)?.id ?? "";
  expect((await ops(`dlq show ${letter}`)).out).toContain('"not JSON \\u001b[2J"');
  const { exitCode, out } = await ops(`dlq replay ${letter}`);
  expect(exitCode).toBe(1);
  expect(out).toContain("it cannot be decoded");
  expect((await json(`dlq drop ${letter} --dry-run`)).data).toEqual({ dry_run: true, dropped: [letter] });
  expect((await listed()).map(({ id }) => id)).toContain(letter);
  expect((await json(`dlq drop ${letter}`)).data).toEqual({ dry_run: false, dropped: [letter] });
  expect((await listed()).map(({ id }) => id)).not.toContain(letter);
  expect((await listed(" --all")).find(({ id }) => id === letter)).toMatchObject({ settled: "dropped" });
});

test("--all replays every waiting dead letter; --limit bounds what is read, and says that there is more", async () => {
  poison.clear();
  const waiting = (await listed()).map(({ id }) => id);
  expect(waiting.length).toBeGreaterThan(1);
  expect((await json("dlq list --limit 1")).data).toMatchObject({ count: 1, complete: false });
  expect((await json("dlq replay --all --dry-run")).data.replayed.toSorted()).toEqual(waiting.toSorted());
  const { exitCode, data } = await json("dlq replay --all");
  expect({ exitCode, replayed: data.replayed.toSorted() }).toEqual({ exitCode: 0, replayed: waiting.toSorted() });
  expect(await ops("dlq list")).toEqual({ exitCode: 0, out: "No dead letters.\n", err: "" });
});

test("reading commits nothing and leaves no group behind", async () => {
  const kafka = connectBroker({ brokers: [broker.brokers], tls: false, login: null });
  const { groups } = await withAdmin(kafka, (admin) => admin.listGroups());
  expect(groups.map(({ groupId }) => groupId)).toEqual(["audit"]);
});

test("a consumer that is away keeps its dead letter where it is, in one sentence", async () => {
  const event = { ...eventOf(Bun.randomUUIDv7()), type: "task.completed" };
  await publish({ ...event, dataschema: "urn:carillon:event:task.completed/v1" }, "ada", "task-events.recurring.dlq");
  const { exitCode, out } = await ops(`dlq replay ${event.id}`);
  expect(exitCode).toBe(1);
  expect(out).toContain("stays: recurring cannot be reached.");
});
