import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { usualNames } from "@carillon/contracts/platform-names";
import { freePorts } from "@carillon/host/ports";
import { type KafkaBroker, startKafka } from "@carillon/testing/kafka";
import { eventually } from "@carillon/testing/until";
import type { Producer } from "kafkajs";
import { connectBroker, withAdmin } from "../../src/broker/connect.ts";
import { applyTopics } from "../../src/topics/apply-topics.ts";

setDefaultTimeout(180_000);

const folder = mkdtempSync(join(tmpdir(), "carillon-ops-kafka-"));
let broker: KafkaBroker;
let producer: Producer;
let exporter: Bun.Subprocess<"ignore", "pipe", "pipe">;
let url: string;
let metricsUrl: string;

beforeAll(async () => {
  broker = await startKafka({ folder: join(folder, "kafka") });
  producer = kafka().producer();
  await producer.connect();
});
afterAll(async () => {
  await producer.disconnect();
  exporter.kill("SIGKILL");
  await broker.kill();
  rmSync(folder, { recursive: true, force: true });
});

const kafka = () => connectBroker({ brokers: [broker.brokers], tls: false, login: null });
const commit = (partition: number, offset: number): Promise<void> =>
  withAdmin(kafka(), (admin) =>
    admin.setOffsets({
      groupId: "audit",
      topic: "task-events",
      partitions: [{ partition, offset: String(offset) }],
    }),
  );

/** `ops serve` as it runs in production. */
async function startExporter(): Promise<void> {
  const [port = 0, internalPort = 0] = await freePorts(2);
  const { PATH = "", HOME = "" } = process.env;
  exporter = Bun.spawn([process.execPath, "--no-env-file", join(import.meta.dir, "../../src/main.ts"), "serve"], {
    env: {
      PATH,
      HOME,
      HOST: "127.0.0.1",
      OPS_PORT: String(port),
      OPS_INTERNAL_PORT: String(internalPort),
      KAFKA_BROKERS: broker.brokers,
      APP_API_TOKEN: "a-token-of-sixteen-characters",
    },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  url = `http://127.0.0.1:${port}`;
  metricsUrl = `http://127.0.0.1:${internalPort}/metrics`;
  await eventually("the exporter listens", async () => (await fetch(`${url}/health/live`)).ok);
}

/** A figure with these labels, or null when there is none. */
async function figure(name: string, labels: Record<string, string> = {}): Promise<number | null> {
  const lines = (await (await fetch(metricsUrl)).text()).split("\n");
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const line = lines.find((one) => one.startsWith(`${name}{`) && wanted.every((label) => one.includes(label)));
  return line === undefined ? null : Number(line.slice(line.lastIndexOf(" ") + 1));
}

const ofAudit = (partition: number) => ({ group: "audit", topic: "task-events", partition: String(partition) });
const health = async (): Promise<Record<string, string>> => (await fetch(`${url}/health`)).json();

test("a broker without topics is reported, and no lag is invented for them", async () => {
  await startExporter();
  await eventually("it has looked", async () => (await health()).broker === "ok");
  expect((await health()).topics).toStartWith("missing: task-events, ");
  expect(await figure("kafka_consumer_lag_seconds")).toBeNull();
  await withAdmin(kafka(), (admin) => applyTopics(admin, { replication: 0, dryRun: false, names: usualNames }));
  await eventually("it sees the topics", async () => (await health()).topics === "ok");
});

test("an untouched topic has no lag, and every group that shares its events has a figure per partition", async () => {
  await eventually("every figure", async () => (await figure("kafka_consumer_lag_seconds", ofAudit(11))) === 0);
  const lines = (await (await fetch(metricsUrl)).text()).split("\n");
  const groups = new Set(lines.flatMap((line) => /^kafka_consumer_lag_messages\{group="(\w+)"/.exec(line)?.[1] ?? []));
  expect([...groups].sort()).toEqual(["audit", "notification", "recurring"]);
  expect(lines.filter((line) => line.startsWith("kafka_consumer_lag_messages{"))).toHaveLength(36);
  expect(await figure("kafka_dead_letters", { topic: "task-events.audit.dlq" })).toBe(0);
});

test("lag is the age of the first unsettled event, also of one whose handling has not started", async () => {
  await commit(3, 0);
  const message = { partition: 3, key: "ada", value: "{}" };
  const writtenAt = performance.now();
  await producer.send({ topic: "task-events", messages: [message] });
  await Bun.sleep(3_000);
  const nextWrittenAt = performance.now();
  await producer.send({ topic: "task-events", messages: [message, message] });
  await eventually("it sees them", async () => (await figure("kafka_consumer_lag_messages", ofAudit(3))) === 3);
  const seconds = await figure("kafka_consumer_lag_seconds", ofAudit(3));
  const age = (performance.now() - writtenAt) / 1_000;
  // One sample per second: the figure is at most one sample old, and the time of writing known to one
  // sample.
  expect(Math.abs((seconds ?? 0) - age)).toBeLessThan(2.2);
  expect(
    await figure("kafka_consumer_lag_messages", { group: "recurring", topic: "task-events", partition: "3" }),
  ).toBe(3);
  await commit(3, 1);
  await eventually("the first is settled", async () => (await figure("kafka_consumer_lag_messages", ofAudit(3))) === 2);
  const next = await figure("kafka_consumer_lag_seconds", ofAudit(3));
  expect(Math.abs((next ?? 0) - (performance.now() - nextWrittenAt) / 1_000)).toBeLessThan(2.2);
  await commit(3, 3);
  await eventually("all are settled", async () => (await figure("kafka_consumer_lag_seconds", ofAudit(3))) === 0);
  expect(await figure("kafka_consumer_lag_messages", ofAudit(3))).toBe(0);
});

test("a restarted exporter still knows how long an event has waited", async () => {
  const hourAgo = Date.now() - 3_600_000;
  await producer.send({
    topic: "task-events",
    messages: [{ partition: 5, value: "{}", timestamp: String(hourAgo) }],
  });
  exporter.kill("SIGKILL");
  await exporter.exited;
  await startExporter();
  await eventually("it sees it", async () => (await figure("kafka_consumer_lag_messages", ofAudit(5))) === 1);
  const seconds = (await figure("kafka_consumer_lag_seconds", ofAudit(5))) ?? 0;
  // Between the broker's memory of an hour ago and of six.
  expect(seconds).toBeGreaterThan(3_500);
  expect(seconds).toBeLessThan(6 * 3_600);
});

test("dead letters are counted by topic", async () => {
  await producer.send({ topic: "task-events.audit.dlq", messages: [{ value: "a" }, { value: "b" }] });
  await eventually(
    "it counts",
    async () => (await figure("kafka_dead_letters", { topic: "task-events.audit.dlq" })) === 2,
  );
});

test("G22: while the broker is away the exporter answers, shows no old figure and says why; it recovers by itself", async () => {
  await producer.disconnect();
  await broker.kill();
  await eventually("it notices", async () => (await health()).broker === "away");
  expect(await figure("kafka_consumer_lag_seconds")).toBeNull();
  expect(await figure("kafka_dead_letters")).toBeNull();
  expect((await fetch(`${url}/ready`)).status).toBe(200);
  broker = await startKafka({ folder: join(folder, "kafka") });
  await eventually("it is back", async () => (await figure("kafka_consumer_lag_messages", ofAudit(5))) === 1, 60_000);
  expect((await health()).broker).toBe("ok");
  expect(exporter.exitCode).toBeNull();
});

test("asked to stop, it exits with 0, without a word on standard error", async () => {
  exporter.kill("SIGTERM");
  expect(await exporter.exited).toBe(0);
  expect(await new Response(exporter.stderr).text()).toBe("");
});
