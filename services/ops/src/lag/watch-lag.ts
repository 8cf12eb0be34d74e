import { subscriptions } from "@carillon/contracts/catalog";
import { topics } from "@carillon/contracts/names";
import { type PlatformNames, topicAt } from "@carillon/contracts/platform-names";
import { createLoop, within } from "@carillon/kit/loop";
import { type Log, metrics } from "@carillon/kit/observe";
import type { Probe } from "@carillon/kit/service";
import type { Admin, Kafka } from "kafkajs";
import { OffsetHistory } from "./offset-history.ts";
import { type GroupPosition, type PartitionEnds, readLag } from "./read-lag.ts";

export type LagWatchDeps = {
  kafka: Pick<Kafka, "admin">;
  names: PlatformNames;
  log: Log;
  /** Milliseconds of a clock that does not jump. */
  now: () => number;
  /** How long one look may take. */
  lookMs?: number;
};

export type LagWatch = {
  /** For `GET /health`: is the broker there, and does it have every topic? */
  health: { broker: Probe; topics: Probe };
  stop(): Promise<void>;
};

const everyMs = 1_000;
const usualLookMs = 8_000;
const leaveMs = 1_000;
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
/** How far back the broker is asked when a partition is seen for the first time. */
const pastMs = [7 * day, day, 6 * hour, hour, 15 * minute, 5 * minute, minute, 10_000];

/** Groups that share a topic's events; a broadcast's replicas have groups of their own, whose lag does not matter. */
const groups = subscriptions.filter(({ broadcast }) => !broadcast).map(({ service, topic }) => ({ service, topic }));
const deadLetterTopics = subscriptions.flatMap(({ deadLetter }) => deadLetter ?? []);

/**
 * Samples the broker once a second and keeps the gauges current; while it is away there are none,
 * because an old figure would be wrong. Topics have the catalogue's names, whatever the broker
 * calls them, so that dashboards and alerts match.
 */
export function watchLag({ kafka, names, log, now, lookMs = usualLookMs }: LagWatchDeps): LagWatch {
  const histories = new Map<string, OffsetHistory>();
  let admin: Admin | null = null;
  let isThere: boolean | null = null;
  let missing: string[] = [];

  async function look(): Promise<Seen> {
    const own = admin ?? kafka.admin();
    if (admin === null) {
      admin = own;
      await own.connect();
      // Given up meanwhile: no later look would close it.
      if (admin !== own) await leave(own);
    }
    return lookAt(namedBy(own, names), histories, now);
  }

  function tell(is: boolean, error?: unknown): void {
    if (isThere === is) return;
    if (is) log.info("the broker is there");
    else log.warn("the broker is away", { error });
    isThere = is;
  }

  async function work(): Promise<number> {
    try {
      const seen = await within(lookMs, "the broker", look());
      show(seen);
      missing = seen.missing;
      tell(true);
    } catch (error) {
      forget();
      tell(false, error);
      // Its connections may be half dead, and then say no goodbye; new ones are cheap.
      const own = admin;
      admin = null;
      await leave(own);
    }
    return everyMs;
  }

  const loop = createLoop({ name: "watching the lag", service: "ops", log, work });
  loop.start();
  return {
    health: {
      broker: () => (isThere === null ? "not seen yet" : isThere ? "ok" : "away"),
      topics: () =>
        missing.length === 0 ? "ok" : `missing: ${missing.map((topic) => topicAt(names, topic)).join(", ")}`,
    },
    async stop() {
      await loop.stop();
      await leave(admin);
    },
  };
}

async function leave(admin: Admin | null): Promise<void> {
  if (admin !== null) await within(leaveMs, "the broker", admin.disconnect()).catch(() => {});
}

/** What is requested from the broker, by the catalogue's names. */
type Broker = {
  /** Those of `wanted` that exist. */
  present(wanted: readonly string[]): Promise<Set<string>>;
  offsetsAt(topic: string, atMs: number): Promise<{ partition: number; offset: number }[]>;
  ends(topic: string): Promise<PartitionEnds[]>;
  position(group: string, topic: string): Promise<GroupPosition>;
};

function namedBy(admin: Admin, names: PlatformNames): Broker {
  const at = (topic: string): string => topicAt(names, topic);
  return {
    async present(wanted) {
      const known = new Set(await admin.listTopics());
      return new Set(wanted.filter((topic) => known.has(at(topic))));
    },
    async offsetsAt(topic, atMs) {
      const offsets = await admin.fetchTopicOffsetsByTimestamp(at(topic), atMs);
      return offsets.map(({ partition, offset }) => ({ partition, offset: Number(offset) }));
    },
    async ends(topic) {
      const offsets = await admin.fetchTopicOffsets(at(topic));
      return offsets.map(({ partition, low, high }) => ({ partition, low: Number(low), high: Number(high) }));
    },
    async position(group, topic) {
      const [answer] = await admin.fetchOffsets({ groupId: group, topics: [at(topic)] });
      const started = (answer?.partitions ?? []).filter(({ offset }) => Number(offset) >= 0);
      return { group, topic, committed: new Map(started.map(({ partition, offset }) => [partition, Number(offset)])) };
    },
  };
}

type Seen = {
  ends: Map<string, PartitionEnds[]>;
  lags: ReturnType<typeof readLag>;
  missing: string[];
};

async function lookAt(broker: Broker, histories: Map<string, OffsetHistory>, now: () => number): Promise<Seen> {
  const historyOf = (topic: string, partition: number): OffsetHistory => {
    const key = `${topic}/${partition}`;
    const history = histories.get(key) ?? new OffsetHistory();
    histories.set(key, history);
    return history;
  };
  const wanted = [...topics, ...deadLetterTopics];
  const known = await broker.present(wanted);
  const isNew = (topic: string): boolean => !histories.has(`${topic}/0`);
  const recalled = topics.filter((topic) => known.has(topic) && isNew(topic));
  for (const topic of recalled) await recall(broker, topic, historyOf, now());
  const positions = await Promise.all(
    groups.filter(({ topic }) => known.has(topic)).map(({ service, topic }) => broker.position(service, topic)),
  );
  const ends = new Map(await Promise.all([...known].map(async (topic) => [topic, await broker.ends(topic)] as const)));
  const atMs = now();
  for (const topic of topics)
    for (const { partition, high } of ends.get(topic) ?? []) historyOf(topic, partition).add({ offset: high, atMs });
  const lags = positions.flatMap((position) =>
    readLag(position, ends.get(position.topic) ?? [], (partition) => historyOf(position.topic, partition), atMs),
  );
  return { ends, lags, missing: wanted.filter((topic) => !known.has(topic)) };
}

/** The broker's own memory: the offset written next at some instants of the past. */
async function recall(
  broker: Broker,
  topic: string,
  historyOf: (topic: string, partition: number) => OffsetHistory,
  nowMs: number,
): Promise<void> {
  for (const agoMs of pastMs) {
    const atMs = nowMs - agoMs;
    const offsets = await broker.offsetsAt(topic, atMs);
    for (const { partition, offset } of offsets) historyOf(topic, partition).add({ offset, atMs });
  }
}

function show({ ends, lags }: Seen): void {
  // Removes the series of a partition or topic that no longer exists.
  forget();
  for (const { group, topic, partition, messages, seconds } of lags) {
    const labels = { group, topic, partition: String(partition) };
    metrics.kafkaConsumerLagMessages.set(labels, messages);
    metrics.kafkaConsumerLagSeconds.set(labels, seconds);
  }
  for (const topic of topics)
    for (const { partition, high } of ends.get(topic) ?? [])
      metrics.kafkaTopicEndOffset.set({ topic, partition: String(partition) }, high);
  for (const topic of deadLetterTopics) {
    const partitions = ends.get(topic);
    if (partitions)
      metrics.kafkaDeadLetters.set(
        { topic },
        partitions.reduce((sum, { low, high }) => sum + high - low, 0),
      );
  }
}

function forget(): void {
  const { kafkaConsumerLagMessages, kafkaConsumerLagSeconds, kafkaTopicEndOffset, kafkaDeadLetters } = metrics;
  for (const gauge of [kafkaConsumerLagMessages, kafkaConsumerLagSeconds, kafkaTopicEndOffset, kafkaDeadLetters])
    gauge.reset();
}
