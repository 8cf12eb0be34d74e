import { subscriptions } from "@carillon/contracts/catalog";
import { slotCount, topics } from "@carillon/contracts/names";
import { type PlatformNames, topicAt } from "@carillon/contracts/platform-names";

export type WantedTopic = { name: string; partitions: number; retentionMs: number };

/** A topic on the broker. `isEmpty`: it holds no messages. */
export type PresentTopic = { name: string; partitions: number; retentionMs: number | null; isEmpty: boolean };

export type Step =
  | { kind: "create"; topic: string; partitions: number; retentionMs: number; replicas: number }
  | { kind: "grow"; topic: string; from: number; to: number }
  | { kind: "retain"; topic: string; fromMs: number | null; toMs: number }
  | { kind: "keep"; topic: string }
  | { kind: "refuse"; topic: string; reason: string };

const dayMs = 24 * 3_600_000;
const copies = 3;

/** The catalogue's topics, and the dead letters of each consumer that keeps them, by their names at the broker. */
export const wantedTopics = (names: PlatformNames): WantedTopic[] => [
  ...topics.map((topic) => wanted(topicAt(names, topic), 7)),
  ...subscriptions.flatMap(({ deadLetter }) => (deadLetter === null ? [] : wanted(topicAt(names, deadLetter), 14))),
];

const wanted = (name: string, days: number): WantedTopic => ({
  name,
  partitions: slotCount,
  retentionMs: days * dayMs,
});

/** How many brokers keep each new topic: three, or as many as there are; `wish` overrides when it is not 0. */
export const replicasFor = (wish: number, brokers: number): number => (wish === 0 ? Math.min(copies, brokers) : wish);

/** The steps that make the broker's topics match the catalogue; foreign topics are not touched. */
export function planTopics(all: readonly WantedTopic[], present: readonly PresentTopic[], replicas: number): Step[] {
  return all.flatMap((topic): Step[] => {
    const there = present.find(({ name }) => name === topic.name);
    if (!there) {
      const { name, partitions, retentionMs } = topic;
      return [{ kind: "create", topic: name, partitions, retentionMs, replicas }];
    }
    const steps = [...partitionSteps(topic, there), ...retentionSteps(topic, there)];
    return steps.length === 0 ? [{ kind: "keep", topic: topic.name }] : steps;
  });
}

function partitionSteps({ name: topic, partitions }: WantedTopic, there: PresentTopic): Step[] {
  if (there.partitions === partitions) return [];
  if (there.partitions > partitions)
    return [refuse(topic, `it has ${there.partitions} partitions, not ${partitions}, and a broker removes none.`)];
  if (there.isEmpty) return [{ kind: "grow", topic, from: there.partitions, to: partitions }];
  return [
    refuse(
      topic,
      `it has ${there.partitions} partitions, not ${partitions}, and events in it: more partitions would send a user's next event elsewhere, past those that still wait. Let it run empty, or recreate it.`,
    ),
  ];
}

const retentionSteps = ({ name: topic, retentionMs }: WantedTopic, there: PresentTopic): Step[] =>
  there.retentionMs === retentionMs ? [] : [{ kind: "retain", topic, fromMs: there.retentionMs, toMs: retentionMs }];

const refuse = (topic: string, reason: string): Step => ({ kind: "refuse", topic, reason });
