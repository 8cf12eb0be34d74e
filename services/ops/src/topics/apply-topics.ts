import type { PlatformNames } from "@carillon/contracts/platform-names";
import type { Admin } from "kafkajs";
import { type Report, report } from "../report.ts";
import { type PresentTopic, planTopics, replicasFor, type Step, wantedTopics } from "./plan-topics.ts";
import { untilLed } from "./until-led.ts";

/**
 * Makes the broker's topics match the catalogue; idempotent. A rejected topic stays as it is, and the
 * exit code is 1; the rest is done anyway.
 */
export async function applyTopics(admin: Admin, { replication, dryRun, names }: TopicsWish): Promise<Report> {
  const { brokers } = await admin.describeCluster();
  const wanted = wantedTopics(names);
  const present = await readTopics(
    admin,
    wanted.map(({ name }) => name),
  );
  const steps = planTopics(wanted, present, replicasFor(replication, brokers.length));
  if (!dryRun) {
    for (const step of steps) await carryOut(admin, step);
    await untilLed(
      admin,
      steps.flatMap(({ kind, topic }) => (kind === "create" ? topic : [])),
    );
  }
  const refused = steps.some(({ kind }) => kind === "refuse");
  return report(
    steps.map((step) => sentenceOf(step, dryRun)),
    { dry_run: dryRun, ok: !refused, topics: steps.map(forPrograms) },
    refused ? 1 : 0,
  );
}

export type TopicsWish = { replication: number; dryRun: boolean; names: PlatformNames };

async function readTopics(admin: Admin, wanted: readonly string[]): Promise<PresentTopic[]> {
  const known = new Set(await admin.listTopics());
  const names = wanted.filter((name) => known.has(name));
  if (names.length === 0) return [];
  const { topics } = await admin.fetchTopicMetadata({ topics: names });
  return Promise.all(
    topics.map(async ({ name, partitions }) => {
      const offsets = await admin.fetchTopicOffsets(name);
      const retention = (await settingsOf(admin, name)).find(({ configName }) => configName === "retention.ms");
      return {
        name,
        partitions: partitions.length,
        retentionMs: retention === undefined ? null : Number(retention.configValue),
        isEmpty: offsets.every(({ high, low }) => high === low),
      };
    }),
  );
}

/**
 * A topic's resource number in Kafka's protocol. kafkajs declares it as an enum that does not exist
 * when the program runs unbundled.
 */
const topicResource = 2;

async function settingsOf(admin: Admin, name: string) {
  const { resources } = await admin.describeConfigs({
    resources: [{ type: topicResource, name }],
    includeSynonyms: false,
  });
  return resources[0]?.configEntries ?? [];
}

async function carryOut(admin: Admin, step: Step): Promise<void> {
  switch (step.kind) {
    case "create": {
      const { topic, partitions: numPartitions, replicas: replicationFactor, retentionMs } = step;
      const configEntries = [{ name: "retention.ms", value: String(retentionMs) }];
      await admin.createTopics({
        waitForLeaders: false,
        topics: [{ topic, numPartitions, replicationFactor, configEntries }],
      });
      return;
    }
    case "grow":
      await admin.createPartitions({ topicPartitions: [{ topic: step.topic, count: step.to }] });
      return;
    case "retain":
      return retain(admin, step.topic, step.toMs);
  }
}

/** Set on the topic itself, not inherited from the broker's own settings. */
const ofTopic = 1;

/** The protocol replaces all settings, so other settings of the topic are repeated. */
async function retain(admin: Admin, name: string, retentionMs: number): Promise<void> {
  const others = (await settingsOf(admin, name)).filter(
    ({ configName, configSource }) => Number(configSource) === ofTopic && configName !== "retention.ms",
  );
  const kept = others.map(({ configName, configValue }) => ({ name: configName, value: configValue }));
  const configEntries = [...kept, { name: "retention.ms", value: String(retentionMs) }];
  await admin.alterConfigs({ validateOnly: false, resources: [{ type: topicResource, name, configEntries }] });
}

const days = (ms: number | null): string => (ms === null || ms < 0 ? "without limit" : `${ms / 86_400_000} days`);

function sentenceOf(step: Step, dryRun: boolean): string {
  const would = dryRun ? "would be " : "";
  switch (step.kind) {
    case "create":
      return `${step.topic}: ${would}created, ${step.partitions} partitions, ${step.replicas} ${step.replicas === 1 ? "copy" : "copies"}, kept ${days(step.retentionMs)}.`;
    case "grow":
      return `${step.topic}: ${would}grown from ${step.from} to ${step.to} partitions; it is empty.`;
    case "retain":
      return `${step.topic}: ${would}kept ${days(step.toMs)} instead of ${days(step.fromMs)}.`;
    case "keep":
      return `${step.topic}: as it should be.`;
    case "refuse":
      return `${step.topic}: REFUSED: ${step.reason}`;
  }
}

/** Times in the unit of the broker's own setting. */
function forPrograms(step: Step) {
  const { topic, kind: action } = step;
  switch (step.kind) {
    case "create":
      return { topic, action, partitions: step.partitions, replicas: step.replicas, retention_ms: step.retentionMs };
    case "grow":
      return { topic, action, from_partitions: step.from, to_partitions: step.to };
    case "retain":
      return { topic, action, from_ms: step.fromMs, to_ms: step.toMs };
    case "keep":
      return { topic, action };
    case "refuse":
      return { topic, action, reason: step.reason };
  }
}
