import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { usualNames } from "@carillon/contracts/platform-names";
import { type KafkaBroker, startKafka } from "@carillon/testing/kafka";
import { connectBroker, withAdmin } from "../../src/broker/connect.ts";
import { wantedTopics } from "../../src/topics/plan-topics.ts";
import { untilLed } from "../../src/topics/until-led.ts";

setDefaultTimeout(180_000);

const main = join(import.meta.dir, "../../src/main.ts");
const folder = mkdtempSync(join(tmpdir(), "carillon-ops-kafka-"));
let broker: KafkaBroker;
beforeAll(async () => {
  broker = await startKafka({ folder: join(folder, "kafka") });
});
afterAll(async () => {
  await broker.kill();
  rmSync(folder, { recursive: true, force: true });
});

const kafka = () => connectBroker({ brokers: [broker.brokers], tls: false, login: null });
const topicResource = 2;

/** The command as an operator types it. */
async function ops(line: string, environment: Record<string, string> = {}) {
  const { PATH = "", HOME = "" } = process.env;
  const child = Bun.spawn([process.execPath, "--no-env-file", main, ...line.split(" ")], {
    env: { PATH, HOME, KAFKA_BROKERS: broker.brokers, ...environment },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { exitCode: await child.exited, out, err };
}

async function actions(line: string) {
  const { exitCode, out, err } = await ops(`${line} --json`);
  expect(err).toBe("");
  const { topics }: { topics: { topic: string; action: string }[] } = JSON.parse(out);
  return { exitCode, actions: topics.map(({ topic, action }) => `${action} ${topic}`) };
}

const names = wantedTopics(usualNames).map(({ name }) => name);
const settingOf = (topic: string, setting: string): Promise<string | undefined> =>
  withAdmin(kafka(), async (admin) => {
    const resources = [{ type: topicResource, name: topic, configNames: [setting] }];
    const { resources: answers } = await admin.describeConfigs({ resources, includeSynonyms: false });
    return answers[0]?.configEntries[0]?.configValue;
  });
const remake = (topic: string, numPartitions: number): Promise<void> =>
  withAdmin(kafka(), async (admin) => {
    await admin.deleteTopics({ topics: [topic] });
    // The broker reports a topic's deletion some moments later.
    for (let tries = 0; tries < 100 && (await admin.listTopics()).includes(topic); tries++) await Bun.sleep(100);
    await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions }] });
    await untilLed(admin, [topic]);
  });
const partitionsOf = (topic: string): Promise<number | undefined> =>
  withAdmin(
    kafka(),
    async (admin) => (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0]?.partitions.length,
  );

test("a dry run on an empty broker reports what would be created, and creates nothing", async () => {
  expect(await actions("topics apply --dry-run")).toEqual({
    exitCode: 0,
    actions: names.map((name) => `create ${name}`),
  });
  expect(await withAdmin(kafka(), (admin) => admin.listTopics())).toEqual([]);
});

test("topics are created as the catalogue says, and the second run has nothing to do", async () => {
  expect(await actions("topics apply")).toEqual({ exitCode: 0, actions: names.map((name) => `create ${name}`) });
  for (const { name, partitions, retentionMs } of wantedTopics(usualNames))
    expect([await partitionsOf(name), await settingOf(name, "retention.ms")]).toEqual([
      partitions,
      String(retentionMs),
    ]);
  expect(await actions("topics apply")).toEqual({ exitCode: 0, actions: names.map((name) => `keep ${name}`) });
});

test("retention is corrected, and an operator's other settings on the topic stay", async () => {
  await withAdmin(kafka(), (admin) =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: topicResource,
          name: "reminders",
          configEntries: [
            { name: "retention.ms", value: "1000" },
            { name: "segment.ms", value: "3600000" },
          ],
        },
      ],
    }),
  );
  expect((await ops("topics apply --dry-run")).out).toContain("reminders: would be kept 7 days instead of 0");
  expect((await actions("topics apply")).actions).toContain("retain reminders");
  expect(await settingOf("reminders", "retention.ms")).toBe(String(7 * 86_400_000));
  expect(await settingOf("reminders", "segment.ms")).toBe("3600000");
});

test("G4: an empty topic grows; one with an event in it is rejected in one sentence, and so is one with too many partitions", async () => {
  await remake("task-events", 4);
  expect(await actions("topics apply")).toMatchObject({
    exitCode: 0,
    actions: ["grow task-events", ...names.slice(1).map((name) => `keep ${name}`)],
  });
  expect(await partitionsOf("task-events")).toBe(12);

  await remake("task-events", 4);
  await remake("task-updates", 13);
  const producer = kafka().producer();
  await producer.connect();
  await producer.send({ topic: "task-events", messages: [{ key: "ada", value: "{}" }] });
  await producer.disconnect();
  const { exitCode, out } = await ops("topics apply");
  expect(exitCode).toBe(1);
  expect(out).toContain("task-events: REFUSED: it has 4 partitions, not 12, and events in it");
  expect(out).toContain("task-updates: REFUSED: it has 13 partitions, not 12, and a broker removes none.");
  expect([await partitionsOf("task-events"), await partitionsOf("task-updates")]).toEqual([4, 13]);
});

test("G26: a broker that is away, or a wrong setting, is one sentence", async () => {
  const away = "The broker cannot be reached, or rejects the login of ops; check KAFKA_BROKERS.\n";
  expect(await ops("topics apply", { KAFKA_BROKERS: "127.0.0.1:1" })).toEqual({ exitCode: 1, out: "", err: away });
  const half = { KAFKA_USERNAME: "ops" };
  expect((await ops("topics apply", half)).err).toBe(
    "KAFKA_USERNAME and KAFKA_PASSWORD go together; set both or neither.\n",
  );
  expect((await ops("topics apply", { KAFKA_BROKERS: "" })).err).toContain("KAFKA_BROKERS is not set");
});
